"""Publish: copy what a run has built and audited, and put it in place in one step."""

import os
import time
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import duckdb

from cdp_platform.shared.home import Home
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import fingerprint


class Published(NamedTuple):
    """The snapshot that is served after publishing."""

    snapshot_id: str
    changed: bool
    """False when what was built equals what is served: nothing was copied."""
    tables: int
    bytes: int
    seconds: float


def publish(step: Step) -> Published:
    """Serve what the warehouse holds now.

    Readers that have the old snapshot open keep it; whoever opens after the rename sees the new one. Killed at any
    moment, either the old or the new one is there, whole.
    """
    start = time.perf_counter()
    versions = step.con.execute("select table_name, version from platform.tables order by table_name").fetchall()
    snapshot_id = fingerprint(step.as_of.isoformat(), *(f"{name}={version}" for name, version in versions))[:16]
    changed = snapshot_id != served(step.home)
    if changed:
        _copy(step, snapshot_id)
    size = step.home.published.stat().st_size
    return Published(snapshot_id, changed, len(versions), size, time.perf_counter() - start)


def served(home: Home) -> str | None:
    """The id of the snapshot that readers see now; None before the first one."""
    row = snapshot(home)
    return row[0] if row else None


def snapshot(home: Home) -> tuple[str, datetime, datetime] | None:
    """Id, as-of day and publishing time of the served snapshot."""
    if not home.published.exists():
        return None
    with duckdb.connect(str(home.published), read_only=True) as con:
        found: Sequence[tuple[str, datetime, datetime]] = con.execute(
            "select snapshot_id, as_of, published_at from platform.snapshot"
        ).fetchall()
    return found[0]


def _copy(step: Step, snapshot_id: str) -> None:
    aside = step.home.folder / "published.next.duckdb"
    for leftover in (aside, aside.with_name(aside.name + ".wal")):
        leftover.unlink(missing_ok=True)
    con = step.con
    con.execute(
        "create or replace table platform.snapshot as select ? as snapshot_id, ?::date as as_of, ? as published_at",
        [snapshot_id, step.as_of, step.now],
    )
    con.execute(f"attach '{aside}' as aside")
    con.execute("copy from database warehouse to aside")
    con.execute("detach aside")  # writes everything out, so before the rename
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    aside.replace(step.home.published)
