"""Publish what the syncs did, for readers: one file, written aside and renamed, so that no reader blocks a run."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from cdp_platform.destinations.contract import TABLES
from cdp_platform.destinations.state import state_file, transaction
from cdp_platform.shared.home import Home
from cdp_platform.shared.warehouse.table import Table

RESULTS = """
select run_id, operation, outcome, coalesce(code, '') as code, count(*) as rows
from {schema}.row_results group by all order by all"""


def publish_results(con: DuckDBPyConnection, home: Home, name: str) -> None:
    """Write <home>/destinations.duckdb anew from all state files. `con` has the one of `name` open as `sync`.

    A sync that is running elsewhere keeps the rows that it has in the file now.
    """
    with _one_at_a_time(home):
        aside = home.folder / "destinations.next.duckdb"
        for leftover in (aside, aside.with_name(aside.name + ".wal")):
            leftover.unlink(missing_ok=True)
        con.execute(f"attach '{_sql(aside)}' as next_results")
        old = home.destinations.exists()
        if old:
            con.execute(f"attach '{_sql(home.destinations)}' as old_results (read_only)")
        _copy(con, "sync", name, first=True)
        for file in sorted(home.syncs.glob("*.duckdb")):
            other = file.stem
            if file == state_file(home, name):
                continue
            try:
                con.execute(f"attach '{_sql(file)}' as other (read_only)")
            except duckdb.Error:  # its run has it open
                if old:
                    _keep(con, other)
                continue
            _copy(con, "other", other, first=False)
            con.execute("detach other")
        if old:
            con.execute("detach old_results")
        con.execute("detach next_results")  # writes everything out, so before the rename
        with aside.open("rb+") as written:
            os.fsync(written.fileno())
        aside.replace(home.destinations)


def _copy(con: DuckDBPyConnection, schema: str, name: str, *, first: bool) -> None:
    with transaction(con):
        for table in TABLES:
            _copy_table(con, schema, name, table, first=first)


def _copy_table(con: DuckDBPyConnection, schema: str, name: str, table: Table, *, first: bool) -> None:
    own = [column for column in table.columns if column != "sync"]
    query = (
        RESULTS.format(schema=schema)
        if table.short == "results"
        else f"select {', '.join(own)} from {schema}.{table.short} order by {_order(table)}"
    )
    verb = f"create table next_results.{table.short} as" if first else f"insert into next_results.{table.short}"
    con.execute(f"{verb} select $name as sync, {', '.join(own)} from ({query})", {"name": name})


def _keep(con: DuckDBPyConnection, name: str) -> None:
    for table in TABLES:
        con.execute(
            f"insert into next_results.{table.short} by name from old_results.{table.short} where sync = ?", [name]
        )


def _order(table: Table) -> str:
    return ", ".join(column for column in table.key if column != "sync")


@contextmanager
def _one_at_a_time(home: Home) -> Generator[None]:
    """Two syncs that end together must not overwrite each other's results."""
    with (home.folder / "destinations.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")
