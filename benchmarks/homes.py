"""Run `cdp run` as a process of its own, and compare what two homes hold."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import dagster as dg
import duckdb

from cdp_platform.shared.dagster.instance import OPEN, instance
from cdp_platform.shared.home import PROJECT, Home
from cdp_platform.shared.warehouse import engine
from cdp_platform.shared.warehouse.build import fingerprint, measure

STEP = re.compile(r"^  (\S+)(?: and \d+ more)?: (?:([\d.]+) s|(unchanged|failed))$")
ONE_CLOCK = {"CDP_NOW": "2030-01-01T04:00:00"}
"""`_loaded_at`, `built_at` and the syncs' times come from it, so that they are the same in every run."""
COUNTS_BUILDS = ("platform.history",)
"""One row per build: a run that was killed and repeated has built more often."""
OF_THE_CONTENT = {
    "platform.tables": "table_name, version, rows, built_from",
    "platform.dbt_results": "unique_id, status, failures",
}
"""Columns that tell what was made and not how long it took."""
SYNC_STATE = "row_key, customer_id, payload_hash, payload"
NOT_TWO_COUNTS = """
select (select count(distinct customer_id) from identity.customer_ids), (select count(*) from customers.customers)"""


class Ended(NamedTuple):
    """How a run ended."""

    seconds: float
    steps: list[tuple[str, str]]
    """Steps that had ended, with their seconds or `unchanged` or `failed`."""
    exit_code: int
    """Negative: the signal that ended it."""
    output: str


class Run:
    """One `cdp run` that is going, with its steps as they end."""

    def __init__(self, defs: str | Path, home: Home, environment: Mapping[str, str] = ONE_CLOCK, *options: str):
        cdp = str(Path(sys.executable).with_name("cdp"))
        self._start = time.perf_counter()
        self._process = subprocess.Popen(
            [cdp, "run", "--defs", str(defs), "--home", str(home.folder), *options],
            cwd=PROJECT, env={**os.environ, **environment}, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The steps that have ended."""
        return [(found[1], found[2] or found[3]) for line in list(self.lines) if (found := STEP.match(line))]

    def seconds(self) -> float:
        """Since the start."""
        return time.perf_counter() - self._start

    def ended(self, within: float) -> bool:
        """Wait so many seconds for the end. Whether it came."""
        try:
            self._process.wait(max(within, 0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL to the process and whatever it has started."""
        os.killpg(self._process.pid, signal.SIGKILL)

    def result(self, within: float = 900) -> Ended:
        """The end. A run that takes longer is killed, which its exit code then shows."""
        if not self.ended(within):
            self.kill()
        code = self._process.wait()
        seconds = self.seconds()
        self._reader.join()
        return Ended(seconds, self.steps, code, "\n".join(self.lines))


def contents(home: Home) -> dict[str, str]:
    """Everything that a home holds, by name: a hash per table, file and sync state, and the served snapshot."""
    found: dict[str, str] = {}
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        found |= {f"table {name}": digest for name, digest in _tables(con)}
    with engine.read(home) as con:
        [[snapshot]] = con.execute("select snapshot_id from platform.snapshot").fetchall()
        found["published snapshot"] = snapshot
        found |= {f"published {name}": digest for name, digest in _tables(con)}
    for file in sorted(home.syncs.glob("*.duckdb")):
        with duckdb.connect(str(file), read_only=True) as con:
            found[f"state of sync {file.stem}"] = _digest(con, f"(select {SYNC_STATE} from state)")
    out = home.folder / "out"
    for file in sorted(f for f in out.rglob("*") if f.is_file()):
        found[f"file {file.relative_to(home.folder)}"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Names that only one holds, or that differ."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def served(home: Home) -> str | None:
    """The id of the snapshot that a reader sees now; None while nothing is served.

    Raises ValueError when it is not whole: when its tables do not hold what they held when they were audited, or when
    they do not belong together.
    """
    try:
        reader = engine.read(home)
        with reader as con:
            [[snapshot, as_of]] = con.execute("select snapshot_id, as_of from platform.snapshot").fetchall()
            known = con.execute("select table_name, version from platform.tables order by table_name").fetchall()
            torn = [name for name, version in known if measure(con, name)[1] != version]
            [counts] = con.execute(NOT_TWO_COUNTS).fetchall()
    except FileNotFoundError:
        return None
    expected = fingerprint(as_of.isoformat(), *(f"{name}={version}" for name, version in known))[:16]
    if torn or snapshot != expected or counts[0] != counts[1]:
        raise ValueError(f"snapshot {snapshot} (expected {expected}): {torn} are torn, customers {counts}")
    return snapshot


def left_open(home: Home) -> tuple[int, int]:
    """Runs that Dagster believes to be going, and pool slots that are taken."""
    statuses = [*OPEN, dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED]
    with instance(home) as own:
        storage = own.event_log_storage
        taken = [storage.get_concurrency_info(key) for key in storage.get_concurrency_keys()]
        slots = sum(info.active_slot_count + info.pending_step_count for info in taken)
        return own.get_runs_count(dg.RunsFilter(statuses=statuses)), slots


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    names = con.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_catalog = current_catalog() order by 1"
    ).fetchall()
    return [
        (name, _digest(con, f"(select {columns} from {name})" if (columns := OF_THE_CONTENT.get(name)) else name))
        for (name,) in names
        if name not in COUNTS_BUILDS
    ]


def _digest(con: duckdb.DuckDBPyConnection, table: str) -> str:
    rows, digest = measure(con, table)
    return f"{rows} rows, {digest}"
