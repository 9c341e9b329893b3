"""Checks count what is wrong and say so."""

import pytest

from cdp_platform.shared.warehouse import check
from cdp_platform.shared.warehouse.build import record
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("rows", "violations"), [("(1), (2)", 0), ("(1), (1), (2)", 1), ("(1), (null)", 1), ("(1), (1), (null)", 2)]
)
def test_unique_counts_repeated_and_empty_keys(con, rows, violations):
    con.execute(f"create table clean.t as select * from (values {rows}) v(id)")

    [outcome] = check.run(con, [check.unique("clean.t", "id")])

    assert (outcome.violations, outcome.passed) == (violations, violations == 0)


def test_references_counts_values_without_a_parent_and_ignores_empty_ones(con):
    con.execute("create table clean.parent as select 1 as id")
    con.execute("create table clean.child as select * from (values (1), (null), (7)) v(parent_id)")

    [outcome] = check.run(con, [check.references("clean.child", "parent_id", "clean.parent", "id")])

    assert outcome.violations == 1


@pytest.mark.parametrize(("rows", "passed"), [(100, True), (60, True), (40, False), (301, False)])
def test_volume_is_compared_with_the_median_of_recent_builds(con, rows, passed):
    for past in (90, 100, 110):
        con.execute(f"create or replace table clean.t as select * from range({past})")
        record(con, "clean.t", "hand", NOW.replace(minute=past % 60), {})
    con.execute(f"create or replace table clean.t as select * from range({rows})")
    record(con, "clean.t", "hand", NOW.replace(hour=9), {})

    [outcome] = check.run(con, [check.volume("clean.t")])

    assert outcome.passed is passed
    assert outcome.detail == f"{rows} rows, usually 100"


def test_volume_says_nothing_before_there_is_a_past(con):
    con.execute("create table clean.t as select 1")
    record(con, "clean.t", "hand", NOW, {})

    assert check.run(con, [check.volume("clean.t")])[0].passed


def test_a_share_above_its_limit_fails_with_both_figures(con):
    con.execute("create table clean.t as select range < 3 as bad from range(100)")

    [outcome] = check.run(con, [check.share_below("clean.t", "bad_share", "few", "avg(bad::int)", 0.02)])

    assert (outcome.passed, outcome.detail) == (False, "3.0 %, limit 2 %")
