"""Which columns each column of a model is made from, read off its compiled SQL."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import sqlglot
from duckdb import DuckDBPyConnection
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage

Columns = Mapping[str, Mapping[str, str]]
"""Table to its columns' names and types."""
Sources = dict[str, list[tuple[str, str]]]
"""Column to the (table, column) pairs that it is made from."""


def remembered(
    file: Path, compiled: Mapping[str, str], con: DuckDBPyConnection, tables: Iterable[str], dialect: str = "duckdb"
) -> dict[str, Sources]:
    """Lineage of every model that was ever compiled from this state of the project, kept in a file.

    `compiled` is table to SQL; only models that the file does not know yet are analysed.
    """
    known: dict[str, Sources] = json.loads(file.read_bytes()) if file.exists() else {}
    new = {table: sql for table, sql in compiled.items() if sql and table not in known}
    if new:
        columns = _columns(con, tables)
        known |= {table: column_lineage(sql, columns, dialect) for table, sql in new.items()}
        aside = file.with_suffix(".part")
        aside.write_text(json.dumps(known))
        aside.replace(file)
    return known


def column_lineage(sql: str, columns: Columns, dialect: str = "duckdb") -> Sources:
    """The columns behind each column of a query; nothing when the parser does not understand it."""
    try:
        query = sqlglot.parse_one(sql, dialect=dialect)
        for table in query.find_all(exp.Table):
            table.set("catalog", None)
        found = lineage(None, query, schema=_nested(columns), dialect=dialect, trim_selects=False)
    except SqlglotError:
        return {}
    return {name: _sources(node) for name, node in found.items()}


def _sources(column: Node) -> list[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for node in column.walk():
        if isinstance(node.expression, exp.Table) and not node.downstream:
            found.add((f"{node.expression.db}.{node.expression.name}", node.name.split(".")[-1].strip('"')))
    return sorted(pair for pair in found if pair[1] != "*")


def _nested(columns: Columns) -> dict[str, dict[str, dict[str, str]]]:
    nested: dict[str, dict[str, dict[str, str]]] = {}
    for table, kinds in columns.items():
        schema, name = table.split(".")
        nested.setdefault(schema, {})[name] = dict(kinds)
    return nested


def _columns(con: DuckDBPyConnection, tables: Iterable[str]) -> dict[str, dict[str, str]]:
    wanted = set(tables)
    found: dict[str, dict[str, str]] = {}
    for schema, name, column, kind in con.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
    ).fetchall():
        if f"{schema}.{name}" in wanted:
            found.setdefault(f"{schema}.{name}", {})[column] = kind
    return found
