"""A table that is in the warehouse already: raw.<name> is a view of it, and nothing is copied."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

import duckdb
from duckdb import DuckDBPyConnection

from cdp_platform.shared.mistakes import nearest
from cdp_platform.shared.warehouse.build import fingerprint
from cdp_platform.sources.config import Source, TableSource
from cdp_platform.sources.connectors.base import UnreadableError, column_types
from cdp_platform.sources.judge import as_text, keyed, plain, row_hash
from cdp_platform.sources.names import RESERVED, listed, literal
from cdp_platform.sources.uses import updated_at


def columns(con: DuckDBPyConnection, source: Source) -> dict[str, str]:
    """The columns of the table that a view can show. Raises UnreadableError when there is no such table."""
    table = cast("TableSource", source).table
    try:
        found = column_types(con, table)
    except duckdb.CatalogException:
        there = [f"{schema}.{name}" for schema, name in con.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()]  # fmt: skip
        meant = nearest(table, there)
        hint = f" Did you mean '{meant}'?" if meant else ""
        raise UnreadableError(f"{source.name}: there is no table {table} in the warehouse.{hint}") from None
    return {name: kind for name, kind in found.items() if name not in RESERVED}


def view(con: DuckDBPyConnection, source: Source, types: Mapping[str, str], shown_since: datetime) -> None:
    """Make raw.<name> and raw.<name>__rejected as views. The first leaves out rows without key and older versions."""
    rows = (
        f"select {listed(types)}, {literal(source.name)} as _source_file, null::bigint as _line, "
        f"{row_hash(list(types))} as _row_hash, false as _known from {cast('TableSource', source).table}"
    )
    judged = keyed(rows, types, source.key, updated_at(source)) if source.key else plain(rows)
    since = f"timestamp {literal(shown_since.isoformat(sep=' '))}"
    con.execute(f"""
        create or replace view raw.{source.name} as
        select {listed(types)}, {since} as _loaded_at, _source_file, _row_hash from ({judged}) where _reason is null""")
    con.execute(f"""
        create or replace view raw.{source.name}__rejected as
        select _source_file as file, _line as line, {as_text(list(types))} as text, _reason as reason,
            {since} as _loaded_at
        from ({judged}) where _reason is not null""")


def definition(source: Source, types: Mapping[str, str]) -> str:
    """A hash of what the views show: while it stays, `_loaded_at` stays."""
    said = f"{cast('TableSource', source).table} {source.key} {updated_at(source)}"
    return fingerprint(said, *(f"{name} {kind}" for name, kind in types.items()))
