"""Types of the clean tables, the same for every company: a table without a source is empty, never absent."""

from duckdb import DuckDBPyConnection

from cdp_platform.shared.warehouse.table import Table

MONEY = "decimal(18,4)"

TYPES: dict[str, dict[str, str]] = {
    "clean.records": {
        "birth_date": "date", "attributes": "json", "created_at": "timestamp", "updated_at": "timestamp",
    },
    "clean.orders": {"ordered_at": "timestamp", "lines": "bigint", "quantity": MONEY, "amount": MONEY},
    "clean.order_lines": {"quantity": MONEY, "unit_price": MONEY, "amount": MONEY, "ordered_at": "timestamp"},
    "clean.products": {"price": MONEY},
    "clean.events": {
        "occurred_at": "timestamp", "received_at": "timestamp", "value": MONEY, "properties": "json",
    },
    "clean.sessions": {
        "started_at": "timestamp", "ended_at": "timestamp", "events": "bigint", "page_views": "bigint",
        "products_viewed": "bigint", "added_to_basket": "bigint", "ordered": "boolean",
    },
    "clean.tickets": {"score": MONEY, "created_at": "timestamp"},
    "clean.consents": {"changed_at": "timestamp"},
    "clean.junk_values": {"records": "bigint"},
    "clean.field_report": {
        "records": "bigint", "filled": "bigint", "changed": "bigint", "junk": "bigint", "rejected": "bigint",
    },
    "clean.row_report": {
        "read": "bigint", "used": "bigint", "repeated": "bigint", "rejected": "bigint", "amount": MONEY,
        "amount_used": MONEY,
    },
}  # fmt: skip
"""Columns that are not text, per table. Sums stay decimal: a double would lose pennies in reconciliation."""


def column_type(table: Table, column: str) -> str:
    """The SQL type of one column."""
    return TYPES.get(table.name, {}).get(column, "varchar")


def create(con: DuckDBPyConnection, table: Table, query: str | None) -> None:
    """Create the table from a query that yields all of its columns by name; without a query it is empty."""
    if query is None:
        columns = ", ".join(f"{name} {column_type(table, name)}" for name in table.columns)
        con.execute(f"create or replace table {table.name} ({columns})")
        return
    columns = ", ".join(f"cast({name} as {column_type(table, name)}) as {name}" for name in table.columns)
    con.execute(f"create or replace table {table.name} as select {columns} from ({query})")


def empty(columns: dict[str, str]) -> str:
    """A query with these columns and no rows, to stand where no source has the entity."""
    return "select " + ", ".join(f"null::{kind} as {name}" for name, kind in columns.items()) + " where false"
