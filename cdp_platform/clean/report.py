"""The books of the room: every raw row in exactly one place, every refusal with its reason."""

from collections.abc import Mapping

from duckdb import DuckDBPyConnection

from cdp_platform.clean import contract, schema
from cdp_platform.clean.reading import ENTITIES
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes

AMOUNTS = (
    "`amount` sums quantity times price over the rows that have both; a row whose quantity or price cannot be read "
    "counts as nothing in it and stands in clean.rejected_rows."
)


def make(step: Step) -> Mapping[str, Notes]:
    """Make clean.rejected_values, clean.rejected_rows and clean.row_report out of what each entity kept."""
    con = step.con
    for table, kept in (
        (contract.REJECTED_VALUES, "rejected_values"),
        (contract.REJECTED_ROWS, "rejected_rows"),
        (contract.ROW_REPORT, "rows"),
    ):
        schema.create(con, table, " union all by name ".join(f"from clean.{entity}__{kept}" for entity in ENTITIES))
    return {
        "clean.rejected_values": {
            "by reason": _counted(con, "clean.rejected_values", "entity", "source", "field", "reason")
        },
        "clean.rejected_rows": {"by reason": _counted(con, "clean.rejected_rows", "entity", "source", "reason")},
        "clean.row_report": {"rows": _rows(con), "how amounts count": AMOUNTS},
    }


def _counted(con: DuckDBPyConnection, table: str, *columns: str) -> str:
    """Counts per reason as Markdown; no value of a person is in it."""
    rows = con.execute(f"select {', '.join(columns)}, count(*) from {table} group by all order by all").fetchall()
    if not rows:
        return "none"
    return _markdown((*columns, "rows"), rows)


def _rows(con: DuckDBPyConnection) -> str:
    columns = ("source", "entity", "read", "used", "repeated", "rejected")
    rows = con.execute(f"select {', '.join(columns)} from clean.row_report order by source, entity").fetchall()
    return _markdown(columns, rows)


def _markdown(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
