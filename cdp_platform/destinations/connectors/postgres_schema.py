"""The tables that a PostgreSQL sync needs."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

LEDGER = "cdp_sync_ledger"

TYPES = {
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric",
    "UBIGINT": "numeric",
    "FLOAT": "double precision",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
"""DuckDB's types in PostgreSQL; decimals keep their digits, lists become jsonb, all others text."""


def create_table(
    con: "psycopg.Connection[Any]", schema: str, table: str | None, columns: Mapping[str, str], key: str
) -> None:
    """Create the ledger and, when it is named, the table, where they are not there."""
    # "if not exists" asks for the right to create even when there is nothing to create
    if table and not _exists(con, schema, table):
        con.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
        parts = [
            sql.SQL("{} {}{}").format(
                sql.Identifier(name), sql.SQL(_type(kind)), sql.SQL(" primary key" if name == key else "")
            )
            for name, kind in columns.items()
        ]
        con.execute(
            sql.SQL("create table {} ({})").format(sql.Identifier(schema, table), sql.SQL(", ").join(parts))
        )  # fmt: skip
    if not _exists(con, schema, LEDGER):
        con.execute(
            sql.SQL(
                "create table if not exists {} (idempotency_key text primary key, sync text not null, "
                "run_id bigint not null, batch_no bigint not null, rejected jsonb, "
                "applied_at timestamptz not null default now())"
            ).format(sql.Identifier(schema, LEDGER))
        )


def missing_columns(con: "psycopg.Connection[Any]", schema: str, table: str, columns: Mapping[str, str]) -> list[str]:
    """Fields that the table has no column for."""
    found = con.execute(
        "select column_name from information_schema.columns where table_schema = %s and table_name = %s",
        [schema, table],
    ).fetchall()
    return [name for name in columns if (name,) not in found]


def _exists(con: "psycopg.Connection[Any]", schema: str, table: str) -> bool:
    name = sql.Identifier(schema, table).as_string(con)
    return con.execute("select to_regclass(%s) is not null", [name]).fetchall() == [(True,)]


def _type(kind: str) -> Any:
    if kind.startswith("DECIMAL"):
        return kind.replace("DECIMAL", "numeric")
    return "jsonb" if kind.endswith("[]") else TYPES.get(kind, "text")
