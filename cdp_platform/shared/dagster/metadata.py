"""What Dagster shows about a table: counts, columns and lineage, never a person's values."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from duckdb import DuckDBPyConnection

from cdp_platform.shared.warehouse.build import Built
from cdp_platform.shared.warehouse.check import Outcome
from cdp_platform.shared.warehouse.table import Table

Lineage = Mapping[str, Sequence[tuple[str, str]]]
"""Column to the (table, column) pairs that it is made from."""


def asset_key(table: str) -> dg.AssetKey:
    """`clean.records` is the asset clean/records."""
    return dg.AssetKey(table.split("."))


def table_metadata(con: DuckDBPyConnection, table: Table, built: Built, lineage: Lineage | None) -> dict[str, Any]:
    """Row count, columns with their descriptions, lineage and the builder's notes."""
    columns = con.execute(f"describe {table.name}").fetchall()
    metadata: dict[str, Any] = {
        "dagster/row_count": built.rows,
        "dagster/relation_identifier": table.name,
        "dagster/column_schema": dg.TableSchema(
            [
                dg.TableColumn(
                    name,
                    str(kind).lower(),
                    description=table.columns.get(name),
                    tags={"personal": ""} if name in table.personal else {},
                )
                for name, kind, *_ in columns
            ]
        ),
        "unchanged": built.skipped or not built.changed,
    }
    if lineage:
        metadata["dagster/column_lineage"] = dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(asset_key(t), c) for t, c in sources]
                for column, sources in lineage.items()
                if sources
            }
        )
    return metadata | {name: _value(value) for name, value in built.notes.items()}


def check_spec(check_table: str, name: str, about: str, *, blocking: bool) -> dg.AssetCheckSpec:
    """A check as Dagster declares it."""
    return dg.AssetCheckSpec(name, asset=asset_key(check_table), description=about, blocking=blocking)


def check_result(outcome: Outcome) -> dg.AssetCheckResult:
    """A check's outcome as Dagster records it."""
    return dg.AssetCheckResult(
        asset_key=asset_key(outcome.check.table),
        check_name=outcome.check.name,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity[outcome.check.severity],
        description=outcome.detail if not outcome.passed else outcome.check.about,
        metadata={"violations": outcome.violations, "found": outcome.detail},
    )


def _value(value: Any) -> Any:
    """Text with line breaks or tables is Markdown (charts are written as such); numbers stay numbers."""
    if isinstance(value, str) and ("\n" in value or value.startswith(("|", "!["))):
        return dg.MetadataValue.md(value)
    if isinstance(value, list | dict):
        return dg.MetadataValue.json(value)
    return value
