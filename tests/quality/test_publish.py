"""Readers see one whole snapshot, the old one or the new one."""

import multiprocessing
import os
import signal
import time

import duckdb
import pytest

from cdp_platform.company import DEMO, load_company
from cdp_platform.quality.publish import publish, served, snapshot
from cdp_platform.shared.home import home
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse import engine
from cdp_platform.shared.warehouse.build import record
from tests.conftest import NOW, TODAY


def step(con, here) -> Step:
    return Step(con, load_company(DEMO), here, TODAY, NOW, full=False, log=print)


def fill(con, value: int, rows: int = 10):
    """Two tables that always agree with each other."""
    for table in ("customers.customers", "segments.memberships"):
        con.execute(f"create or replace table {table} as select {value} as v from range({rows})")
        record(con, table, str(value), NOW, {})


def seen(here) -> list[tuple[int, int]]:
    with engine.read(here) as con:
        return con.execute(
            "select (select max(v) from customers.customers), (select max(v) from segments.memberships)"
        ).fetchall()


def test_nothing_is_served_before_the_first_publish(here):
    assert snapshot(here) is None
    with pytest.raises(FileNotFoundError, match="cdp run"), engine.read(here):
        pass


def test_what_was_built_is_served_under_its_id(con, here):
    fill(con, 1)

    published = publish(step(con, here))

    assert published.changed
    assert served(here) == published.snapshot_id
    assert seen(here) == [(1, 1)]


def test_the_same_content_keeps_its_id_and_copies_nothing(con, here):
    fill(con, 1)
    first = publish(step(con, here))
    fill(con, 1)

    again = publish(step(con, here))

    assert (again.snapshot_id, again.changed) == (first.snapshot_id, False)


def test_an_open_reader_keeps_its_snapshot_and_a_new_one_sees_the_next(con, here):
    fill(con, 1)
    publish(step(con, here))
    with engine.read(here) as reader:
        fill(con, 2)
        publish(step(con, here))
        old = reader.execute("select max(v) from customers.customers").fetchall()

    assert old == [(1,)]
    assert seen(here) == [(2, 2)]


def _publish_for_ever(folder: str):
    here = home(folder)
    with engine.connect(here) as con:
        value = 2
        while True:
            fill(con, value, rows=50_000)
            publish(step(con, here))
            value += 1


def test_a_publisher_killed_at_any_moment_leaves_a_whole_snapshot(here):
    with engine.connect(here) as con:
        fill(con, 1)
        publish(step(con, here))
    context = multiprocessing.get_context("spawn")

    for attempt in range(4):
        process = context.Process(target=_publish_for_ever, args=(str(here.folder),))
        process.start()
        time.sleep(1.2 + attempt * 0.11)
        for _ in range(5):
            [(left, right)] = seen(here)
            assert left == right, "a reader saw half of a publish"
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        [(left, right)] = seen(here)
        assert left == right

    with engine.connect(here) as con:  # the killed writer's lock is free and its leftovers do no harm
        fill(con, 999)
        publish(step(con, here))
    assert seen(here) == [(999, 999)]
    assert duckdb.connect(str(here.published), read_only=True).execute("select 1").fetchall() == [(1,)]
