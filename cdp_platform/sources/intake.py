"""Reading a source: what it gives lies in temporary tables, compared with what is known, before any table changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from cdp_platform.shared.step import Step
from cdp_platform.sources import drift, plan, shapes
from cdp_platform.sources.config import FileSource, Source
from cdp_platform.sources.connectors import csv, http, ndjson, parquet, sql
from cdp_platform.sources.connectors.base import Connector, Landed, UnreadableError
from cdp_platform.sources.drift import Finding
from cdp_platform.sources.ledger import Memory
from cdp_platform.sources.plan import Plan
from cdp_platform.sources.shapes import Look
from cdp_platform.sources.uses import uses

CONNECTORS: Mapping[str, Connector] = {
    "csv": csv.land, "ndjson": ndjson.land, "parquet": parquet.land, "sql": sql.land, "http": http.land,
}  # fmt: skip


@dataclass(frozen=True)
class Intake:
    """What was read and lies beside the tables, ready to go in."""

    plan: Plan
    landed: Landed
    looks: Mapping[str, Look]
    findings: Sequence[Finding]
    types: Mapping[str, str]
    """Columns that the table will have."""


def read(step: Step, source: Source, memory: Memory, todo: Plan) -> Intake:
    """Read what the plan wants and compare it with what is known. Nothing outside of temporary tables is touched."""
    con = step.con
    if todo.wanted.files:
        size = sum(file.size for file in todo.wanted.files)
        step.log(f"{source.name}: reading {len(todo.wanted.files)} files, {size / 1e6:.1f} MB")
    landed = CONNECTORS[source.kind](step, source, todo.wanted)
    if todo.scope == "all" and not landed.columns:
        raise UnreadableError(f"{source.name}: what it gives holds neither rows nor columns.")
    looks = shapes.look(con, "incoming", landed.columns, uses(source))
    adds_up = isinstance(source, FileSource) and not source.is_whole()
    findings = [
        *drift.compare(
            step.company, source, memory.columns, landed, looks, anew=adds_up and todo.scope == "all"
        ),
        *drift.unknown_columns(step.company, source, [*landed.columns, *memory.columns]),
    ]  # fmt: skip
    drift.refuse(source, findings)
    types = _types(con, memory, landed, looks, everything=todo.scope == "all")
    if types is None:
        step.log(f"{source.name}: a column has a wider type now, so that everything is read again")
        return read(step, source, memory, plan.make(step, source, memory._replace(read_by=None)))
    return Intake(todo, landed, looks, findings, types)


def _types(
    con: DuckDBPyConnection, memory: Memory, landed: Landed, looks: Mapping[str, Look], *, everything: bool
) -> dict[str, str] | None:
    """The table's columns after the load; None when the rows that stay cannot take the types of those that come."""
    types = {name: shape.type for name, shape in memory.columns.items() if shape.position is not None}
    spelled = {name.casefold(): name for name in types}
    for column, kind in landed.columns.items():
        name = spelled.get(column.casefold(), column)
        known = memory.columns.get(name)
        if everything or known is None or not known.filled:
            types[name] = kind
        elif looks[column].filled and kind != known.type and _both(con, known.type, kind) != known.type:
            return None
    return types


def _both(con: DuckDBPyConnection, one: str, other: str) -> str:
    """The type that holds the values of both."""
    asked = f"select a from (select null::{one} as a union all select null::{other})"
    return str(con.execute(f"describe {asked}").fetchall()[0][1])
