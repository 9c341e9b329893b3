"""The embedded warehouse: one DuckDB file, opened for one unit of work at a time."""

import os
import time
from collections.abc import Generator
from contextlib import contextmanager

import duckdb
from duckdb import DuckDBPyConnection

from cdp_platform.shared.home import Home

SCHEMAS = ("raw", "clean", "identity", "customers", "scores", "segments", "platform")
LOCK_WAIT_SECONDS = 600


@contextmanager
def connect(home: Home) -> Generator[DuckDBPyConnection]:
    """Open the warehouse for writing.

    DuckDB locks the file against every other process, so a second writer waits up to ten minutes.
    Raises duckdb.IOException when it is still locked then.
    """
    home.create()
    con = _open(home)
    try:
        con.execute(f"set temp_directory='{home.folder / '.duckdb_tmp'}'")
        con.execute(f"set memory_limit='{memory_limit()}'")
        con.execute("set preserve_insertion_order=false")
        con.execute("set timezone='UTC'")
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")
        yield con
    finally:
        con.close()


@contextmanager
def read(home: Home) -> Generator[DuckDBPyConnection]:
    """Open the published snapshot, and what the syncs did, for reading; also while a run is going.

    Tables are named as in the warehouse (`customers.customers`); sync results as `destinations.runs`.
    Raises FileNotFoundError when nothing was published yet.
    """
    if not home.published.exists():
        raise FileNotFoundError(f"nothing is published in {home.folder} yet: start with `cdp run`")
    con = duckdb.connect()
    try:
        con.execute("set timezone='UTC'")
        con.execute(f"attach '{home.published}' as published (read_only)")
        if home.destinations.exists():
            con.execute(f"attach '{home.destinations}' as destinations (read_only)")
        con.execute("use published")
        yield con
    finally:
        con.close()


def memory_limit() -> str:
    """CDP_MEMORY_LIMIT, or half of the machine: the other half is for Python, dbt and the user."""
    if said := os.environ.get("CDP_MEMORY_LIMIT"):
        return said
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{total // 2 // 2**20}MiB"


def _open(home: Home) -> DuckDBPyConnection:
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            return duckdb.connect(str(home.warehouse))
        except duckdb.IOException as error:
            if "lock" not in str(error).lower() or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
