"""Loading one source: plan, read, look for drift, and only then touch the tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse import build as warehouse
from cdp_platform.shared.warehouse.build import Built, Notes, fingerprint, room_code
from cdp_platform.sources import drift, ledger, plan
from cdp_platform.sources.config import Source, TableSource
from cdp_platform.sources.connectors.base import SourceError, UnreadableError
from cdp_platform.sources.intake import Intake, read
from cdp_platform.sources.keep import keep
from cdp_platform.sources.ledger import NOTHING, Memory
from cdp_platform.sources.plan import Plan
from cdp_platform.sources.show import show


@dataclass(frozen=True)
class Loaded:
    """How a source stands after a load."""

    built: Sequence[Built]
    """raw.<name>, then raw.<name>__rejected."""
    refused: SourceError | None = None
    """Why the load was refused and the last good one kept."""


def load_source(step: Step, source: Source) -> Loaded:
    """Bring raw.<name> and raw.<name>__rejected up to date.

    A load that cannot be read, or would break what is built on the source, leaves the tables as they are. Raises
    SourceError when there is no earlier load to fall back on; a view has none.
    """
    ledger.start(step.con)
    if isinstance(source, TableSource):
        return Loaded(show(step, source))
    try:
        return Loaded(_load(step, source))
    except SourceError as error:
        last = _last(step.con, source)
        if not last:
            raise
        return Loaded(last, error)


def tables(source: Source) -> list[str]:
    """The two tables of a source."""
    return [f"raw.{source.name}", f"raw.{source.name}__rejected"]


def _load(step: Step, source: Source) -> list[Built]:
    todo, memory, intake = _take_in(step, source)
    return warehouse.build(
        step.con,
        tables(source),
        inputs=[],
        code=fingerprint(room_code("sources"), source.model_dump_json(), todo.state),
        make=lambda: keep(step, source, memory, intake) if intake else _nothing_new(step, source, todo),
        now=step.now,
        full=intake is not None,
    )


def _take_in(step: Step, source: Source) -> tuple[Plan, Memory, Intake | None]:
    """Plan the load and read what it wants, outside of any transaction: an error in one would end it."""
    con = step.con
    memory = ledger.recall(con, source.name)
    con.execute("set preserve_insertion_order = true")  # lines are numbered as they are read
    try:
        todo = plan.make(step, source, memory)
        if todo.forget:
            memory = NOTHING
        if not todo.nothing:
            return todo, memory, read(step, source, memory, todo)
    except OSError as error:
        raise UnreadableError(f"{source.name}: {error.strerror}: {error.filename}") from None
    finally:
        con.execute("set preserve_insertion_order = false")
    drift.refuse(source, drift.unknown_columns(step.company, source, memory.columns))
    return todo, memory, None


def _nothing_new(step: Step, source: Source, todo: Plan) -> dict[str, Notes]:
    ledger.touch(step.con, source.name, todo.touched)
    notes = {"rows_read": 0, "files_read": 0, "files_unchanged": todo.unchanged, "files_gone": len(todo.gone)}
    return {f"raw.{source.name}": notes}


def _last(con: DuckDBPyConnection, source: Source) -> list[Built]:
    """The last good load; nothing when there was none."""
    con.execute(warehouse.DDL)
    found: list[Built] = []
    for name in tables(source):
        for rows, version in con.execute(
            "select rows, version from platform.tables where table_name = ?", [name]
        ).fetchall():  # fmt: skip
            found.append(Built(name, rows, version, skipped=True, changed=False))
    return found if len(found) == len(tables(source)) else []
