"""A database of its own for linkage: the identity columns travel there, the answers travel back.

Splink needs many helper tables and must not disturb the warehouse's open transaction; on a warehouse that Splink does
not know, carrying these few columns is also the way to link at all.
"""

from collections.abc import Generator
from contextlib import contextmanager

import duckdb
from duckdb import DuckDBPyConnection

from cdp_platform.identity.nicknames import pairs
from cdp_platform.shared.warehouse.engine import memory_limit

INPUT_COLUMNS = (
    "record_key", "first_name", "last_name", "email_key", "phone_key", "birth_date", "gender", "address", "city",
    "postcode", "customer_number", "loyalty_card", "device_id",
)  # fmt: skip
"""All that identity ever sees of a record."""


@contextmanager
def workbench(warehouse: DuckDBPyConnection) -> Generator[DuckDBPyConnection]:
    """An in-memory DuckDB with `records` (INPUT_COLUMNS, ordered by key) and `short_forms`."""
    bench = duckdb.connect()
    try:
        [[threads]] = warehouse.execute("select current_setting('threads')").fetchall()
        bench.execute(f"set threads = {threads}")
        bench.execute(f"set memory_limit = '{memory_limit()}'")
        carry(warehouse, f"select {', '.join(INPUT_COLUMNS)} from clean.records order by record_key", bench, "records")
        forms, formal = zip(*sorted(pairs()), strict=True)
        bench.execute(
            "create table short_forms as select unnest($forms) as form, unnest($formal) as formal",
            {"forms": list(forms), "formal": list(formal)},
        )
        yield bench
    finally:
        bench.close()


def carry(source: DuckDBPyConnection, query: str, target: DuckDBPyConnection, table: str) -> None:
    """Copy a query's result into a new table of another connection, as Arrow."""
    frame = source.sql(query).to_arrow_table()
    target.register("carried", frame)
    target.execute(f"create or replace table {table} as from carried")
    target.unregister("carried")
