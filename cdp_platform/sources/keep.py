"""Bringing what was read into the tables, and writing down that it is there."""

from typing import Any

from duckdb import DuckDBPyConnection

from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes
from cdp_platform.sources import ledger, plan
from cdp_platform.sources.config import FileSource, HttpSource, Source, SqlSource
from cdp_platform.sources.cursor import highest, later
from cdp_platform.sources.intake import Intake
from cdp_platform.sources.judge import exact
from cdp_platform.sources.ledger import Memory
from cdp_platform.sources.merge import Merged, Target, merge
from cdp_platform.sources.shapes import Shape
from cdp_platform.sources.uses import updated_at


def keep(step: Step, source: Source, memory: Memory, intake: Intake) -> dict[str, Notes]:
    """Bring what was read into the tables and remember it, in the transaction that is open."""
    con, todo, name = step.con, intake.plan, source.name
    if todo.forget:
        ledger.forget(con, name)
    make_room(con, name, "VIEW")
    by_file = isinstance(source, FileSource)
    target = Target(
        name, intake.types, source.key, updated_at(source), todo.scope,
        files=[part.name for part in intake.landed.parts] if by_file else (),
        adds_up=by_file and not source.is_whole(), kept=todo.gone,
    )  # fmt: skip
    merged = merge(con, target, step.now)
    read = sum(part.records for part in intake.landed.parts)
    if by_file:
        ledger.forget_files(con, name, todo.dropped)
        ledger.remember_files(con, name, todo.wanted.files, intake.landed.parts, step.now)
        ledger.touch(con, name, todo.touched)
    else:
        reached = None
        if isinstance(source, SqlSource | HttpSource) and source.cursor:
            [column] = exact([source.cursor], intake.landed.columns)
            reached = highest(con, "incoming", column) if column in intake.landed.columns else None
            reached = later(None if todo.scope == "all" else memory.cursor, reached)
        ledger.remember_cursor(con, name, reached, read, merged.loaded, merged.rejected, step.now)
    ledger.remember_state(con, name, plan.shaped_by(source), plan.read_by(source))
    ledger.remember_columns(con, name, _shapes(memory, intake))
    ledger.remember_drift(con, name, [finding[:3] for finding in intake.findings], step.now)
    con.execute("drop table incoming")
    con.execute("drop table incoming_rejected")
    return _notes(source, intake, merged, read)


def make_room(con: DuckDBPyConnection, source: str, kind: str) -> None:
    """Drop what another kind of source left under the same name (`kind`: VIEW or BASE TABLE)."""
    for name in (source, f"{source}__rejected"):
        found = con.execute(
            "select 1 from information_schema.tables where table_schema = 'raw' and table_name = ? and table_type = ?",
            [name, kind],
        ).fetchall()
        if found:
            con.execute(f"drop {'view' if kind == 'VIEW' else 'table'} raw.{name}")


def _shapes(memory: Memory, intake: Intake) -> dict[str, Shape]:
    """What is known of the columns after the load."""
    everything = intake.plan.scope == "all"
    read = sum(part.records for part in intake.landed.parts)
    looks = {name.casefold(): look for name, look in intake.looks.items()}
    retyped = {finding.column for finding in intake.findings if finding.change == "type"}
    nested = [name for name in {**memory.columns, **intake.looks} if name not in intake.types]
    found: dict[str, Shape] = {}
    for position, name in enumerate([*intake.types, *nested]):
        before, look = memory.columns.get(name), looks.get(name.casefold())
        shape = before.shape if before else "empty"
        if look and (shape == "empty" or (name in retyped and look.shape != "empty")):
            shape = look.shape
        rows, filled = (before.rows, before.filled) if before and not everything else (0, 0)
        found[name] = Shape(
            position if name in intake.types else None,
            intake.types.get(name, "VARCHAR"), shape, rows + read, filled + (look.filled if look else 0),
        )  # fmt: skip
    return found


def _notes(source: Source, intake: Intake, merged: Merged, read: int) -> dict[str, Notes]:
    parts = intake.landed.parts
    notes: dict[str, Any] = {
        "rows_read": read,
        "rows_loaded": merged.loaded,
        "rows_rejected": merged.rejected,
        "rows_added": merged.added - merged.changed,
        "rows_changed": merged.changed,
        "rows_removed": merged.removed - merged.changed,
        "bytes_read": sum(part.size for part in parts),
    }
    if isinstance(source, FileSource):
        notes |= {
            "files_read": len(parts),
            "files_unchanged": intake.plan.unchanged,
            "files_gone": len(intake.plan.gone),
        }
    new = [finding.column for finding in intake.findings if finding.change == "new"]
    notes |= {"new_columns": new} if new else {}
    rejected: dict[str, Any] = {"rows_rejected": merged.rejected}
    if merged.reasons:
        rows = "\n".join(f"| {reason} | {count:,} |" for reason, count in merged.reasons.items())
        rejected["reasons"] = notes["rejected_because"] = f"| reason | rows |\n|---|---:|\n{rows}"
    return {f"raw.{source.name}": notes, f"raw.{source.name}__rejected": rejected}
