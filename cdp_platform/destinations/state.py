"""What a sync knows: one DuckDB file per sync, whose lock keeps a second run of the same sync out.

The kernel gives the lock back when a process dies, so nothing has to time out.
"""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from cdp_platform.destinations.errors import SyncBusy
from cdp_platform.shared.home import Home
from cdp_platform.shared.warehouse.engine import memory_limit

OPEN = "('sending', 'paused', 'interrupted')"
"""A run in one of these is finished by the next start before anything else is planned."""
LOCK_WAIT_SECONDS = 5
"""Readers hold a state file for a moment when they copy results; another run holds it for long."""

DDL = """
create table if not exists sync.runs(
    run_id integer primary key, status varchar not null, mode varchar, target varchar, snapshot_id varchar,
    fingerprint varchar, columns varchar, creates bigint, updates bigint, removals bigint,
    ok bigint, rejected bigint, withheld bigint, not_sent bigint, without_consent bigint, held bigint,
    planned_at timestamp not null, finished_at timestamp, approved_by varchar, approved_at timestamp, note varchar);
create table if not exists sync.waterfall(run_id integer, position integer, step varchar, customers bigint);
-- what the destination is believed to hold
create table if not exists sync.state(
    target varchar, row_key varchar, customer_id varchar, payload_hash varchar, payload varchar,
    first_run integer, last_run integer);
-- immutable intent of the open run
create table if not exists sync.plan(
    run_id integer, row_no bigint, batch_no integer, operation varchar, row_key varchar, customer_id varchar,
    payload_hash varchar, payload varchar);
create table if not exists sync.batches(
    run_id integer, batch_no integer, operation varchar, idempotency_key varchar, rows bigint, status varchar,
    attempts integer, snapshot_id varchar, started_at timestamp, finished_at timestamp);
-- only ever added to, until it is past keeping
create table if not exists sync.row_results(
    run_id integer, batch_no integer, row_key varchar, customer_id varchar, operation varchar, payload_hash varchar,
    outcome varchar, code varchar, message varchar, recorded_at timestamp);
create table if not exists sync.quarantine(
    target varchar, row_key varchar, customer_id varchar, operation varchar, payload_hash varchar, code varchar,
    message varchar, attempts integer, next_try_at timestamp, first_run integer, last_run integer);
"""

_open_here: set[Path] = set()
_guard = threading.Lock()


def state_file(home: Home, name: str) -> Path:
    """Where the state of a sync lies."""
    return home.syncs / f"{name}.duckdb"


@contextmanager
def opened(home: Home, name: str, *, create: bool = True) -> Generator[DuckDBPyConnection]:
    """Open a sync's state as the schema `sync`; with `create` off, an absent one is an empty one in memory.

    Raises SyncBusy when another run of this sync is going.
    """
    file = state_file(home, name)
    with _guard:  # within one process DuckDB's lock does not keep a second connection out
        if file in _open_here:
            raise SyncBusy(f"the sync {name} is running already")
        _open_here.add(file)
    con = duckdb.connect()
    try:
        con.execute("set timezone='UTC'")
        con.execute(f"set memory_limit='{memory_limit()}'")
        con.execute(f"set temp_directory='{_sql(home.folder / '.duckdb_tmp')}'")
        if create:
            home.syncs.mkdir(parents=True, exist_ok=True)
        if create or file.exists():
            _attach(con, file, name)
        else:
            con.execute("attach ':memory:' as sync")
        con.execute(DDL)
        yield con
    finally:
        con.close()
        with _guard:
            _open_here.discard(file)


@contextmanager
def transaction(con: DuckDBPyConnection) -> Generator[None]:
    """All or nothing."""
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def _attach(con: DuckDBPyConnection, file: Path, name: str) -> None:
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            con.execute(f"attach '{_sql(file)}' as sync")
            return
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise
            if time.monotonic() > deadline:
                raise SyncBusy(f"the sync {name} is running in another process") from None
            time.sleep(0.1)


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")
