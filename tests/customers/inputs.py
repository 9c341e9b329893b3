"""The tables that the customers room reads, made by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from cdp_platform.clean import contract as clean
from cdp_platform.identity import contract as identity
from cdp_platform.shared.warehouse.table import Table

KINDS = {
    "timestamp": {
        "created_at", "updated_at", "ordered_at", "occurred_at", "received_at", "started_at", "ended_at", "changed_at",
    },
    "decimal(18,4)": {"amount", "quantity", "unit_price", "price", "value"},
    "bigint": {"lines", "events", "page_views", "products_viewed", "added_to_basket"},
    "date": {"birth_date", "issued_at"},
    "double": {"score"},
    "boolean": {"ordered"},
    "json": {"attributes", "properties"},
}  # fmt: skip
INPUTS = (
    clean.RECORDS, clean.ORDERS, clean.ORDER_LINES, clean.PRODUCTS, clean.EVENTS, clean.SESSIONS, clean.TICKETS,
    clean.CONSENTS, identity.CUSTOMER_IDS,
)  # fmt: skip

Rows = Sequence[Mapping[str, Any]]


def write(con: DuckDBPyConnection, table: Table, rows: Rows) -> None:
    """Create one table of a contract; columns that a row leaves out are null."""
    columns = ", ".join(f"{name} {_kind(name)}" for name in table.columns)
    con.execute(f"create or replace table {table.name}({columns})")
    for row in rows:
        assert row.keys() <= table.columns.keys(), f"{table.name} has no {row.keys() - table.columns.keys()}"
        marks = ", ".join("?" for _ in row)
        con.execute(f"insert into {table.name}({', '.join(row)}) values ({marks})", list(row.values()))


def record(customer: str, key: str, **values: Any) -> dict[str, Any]:
    """A record and, under `customer`, whose it is. E-mail and phone identify unless their key is given as None."""
    source, record_id = key.split(":")
    given = {"record_key": key, "source": source, "record_id": record_id, "origin": "source", "customer": customer}
    keys = {f"{f}_key": values[f] for f in ("email", "phone") if f in values and f"{f}_key" not in values}
    return given | keys | values


def write_all(con: DuckDBPyConnection, records: Rows, **others: Rows) -> None:
    """Create every input; those not given are empty."""
    write(con, clean.RECORDS, [{k: v for k, v in r.items() if k != "customer"} for r in records])
    write(
        con,
        identity.CUSTOMER_IDS,
        [
            {"record_key": r["record_key"], "source": r["source"], "record_id": r["record_id"],
             "customer_id": r["customer"]}
            for r in records
        ],
    )  # fmt: skip
    for table in INPUTS:
        if table not in (clean.RECORDS, identity.CUSTOMER_IDS):
            write(con, table, others.pop(table.short, []))
    assert not others, f"no such inputs: {sorted(others)}"


def _kind(column: str) -> str:
    return next((kind for kind, columns in KINDS.items() if column in columns), "varchar")
