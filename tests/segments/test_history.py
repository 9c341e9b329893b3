"""Entering, staying, leaving, coming back, being merged; and runs that repeat or go back in time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdp_platform.company import Company
from cdp_platform.segments import checks
from cdp_platform.segments.evaluate import EarlierDayError, evaluate
from cdp_platform.shared.home import Home
from cdp_platform.shared.warehouse import check
from tests.segments.conftest import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, step

BUYERS = {"field": "orders", "op": "gte", "value": 1}


class Days:
    """Runs one day after the other over customers and their number of orders."""

    def __init__(self, con: DuckDBPyConnection, here: Home, company: Company):
        self.con, self.here, self.company = con, here, company

    def run(
        self, day: date, orders: dict[str, int], *, merged: dict[str, str] | None = None, full: bool = False
    ) -> None:
        con = self.con
        con.execute("delete from customers.customers; delete from identity.crosswalk")
        for customer, number in orders.items():
            con.execute("insert into customers.customers(customer_id, orders) values (?, ?)", [customer, number])
        for issued, leads_to in ({c: c for c in orders} | (merged or {})).items():
            con.execute("insert into identity.crosswalk values (?, ?)", [issued, leads_to])
        evaluate(step(con, self.here, self.company, day, full=full))
        failed = [o for o in check.run(con, checks.of_tables()) if not o.passed]
        assert not failed, failed

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()

    def stays(self) -> list[tuple[Any, ...]]:
        return self.rows("select customer_id, entered_on, left_on, left_because from segments.history order by all")

    def sizes(self) -> list[tuple[Any, ...]]:
        return self.rows("select as_of, members, entered, departed from segments.sizes order by all")

    def everything(self) -> list[list[tuple[Any, ...]]]:
        tables = ("memberships", "history", "sizes", "moves")
        return [self.rows(f"select * from segments.{table} order by all") for table in tables]


@pytest.fixture
def days(shop: DuckDBPyConnection, here: Home, company: Callable[..., Company]) -> Days:
    return Days(shop, here, company(buyers=BUYERS))


def test_who_stays_keeps_the_day_of_entering(days: Days) -> None:
    days.run(MONDAY, {"ann": 1, "bob": 0})
    days.run(TUESDAY, {"ann": 2, "bob": 1})
    assert days.rows("select customer_id, entered_on, reason from segments.memberships order by all") == [
        ("ann", MONDAY, "orders at least 1"),
        ("bob", TUESDAY, "orders at least 1"),
    ]
    assert days.sizes() == [(MONDAY, 1, 1, 0), (TUESDAY, 2, 1, 0)]


def test_who_leaves_and_comes_back_has_two_stays(days: Days) -> None:
    days.run(MONDAY, {"ann": 1})
    days.run(TUESDAY, {"ann": 0})
    days.run(THURSDAY, {"ann": 1})
    assert days.stays() == [("ann", MONDAY, TUESDAY, "left"), ("ann", THURSDAY, None, None)]
    assert days.sizes() == [(MONDAY, 1, 1, 0), (TUESDAY, 0, 0, 1), (THURSDAY, 1, 1, 0)]


def test_a_merged_stay_goes_on_under_the_surviving_id_without_a_new_entry(days: Days) -> None:
    days.run(MONDAY, {"ann": 1, "bob": 0})
    days.run(TUESDAY, {"bob": 1}, merged={"ann": "bob"})
    assert days.stays() == [("ann", MONDAY, TUESDAY, "merged"), ("bob", MONDAY, None, None)]
    assert days.sizes()[-1] == (TUESDAY, 1, 0, 0)
    assert days.rows("select * from segments.moves") == [("buyers", "ann", "bob", MONDAY, TUESDAY)]


def test_a_merge_of_two_members_keeps_the_survivors_own_stay(days: Days) -> None:
    days.run(MONDAY, {"ann": 1, "bob": 0})
    days.run(TUESDAY, {"ann": 1, "bob": 1})
    days.run(WEDNESDAY, {"bob": 2}, merged={"ann": "bob"})
    assert days.stays() == [("ann", MONDAY, WEDNESDAY, "merged"), ("bob", TUESDAY, None, None)]
    assert days.sizes()[-1] == (WEDNESDAY, 1, 0, 1)


def test_of_several_merged_stays_the_oldest_goes_on(days: Days) -> None:
    days.run(MONDAY, {"ann": 1, "bob": 0, "cat": 0})
    days.run(TUESDAY, {"ann": 1, "bob": 1, "cat": 0})
    days.run(WEDNESDAY, {"cat": 2}, merged={"ann": "cat", "bob": "cat"})
    assert ("cat", MONDAY, None, None) in days.stays()
    assert days.sizes()[-1] == (WEDNESDAY, 1, 0, 1)


def test_a_merge_into_someone_who_is_no_member_ends_the_stay(days: Days) -> None:
    days.run(MONDAY, {"ann": 1, "bob": 0})
    days.run(TUESDAY, {"bob": 0}, merged={"ann": "bob"})
    assert days.stays() == [("ann", MONDAY, TUESDAY, "merged")]


def test_a_merged_stay_does_not_take_a_day_on_which_the_survivor_entered_before(days: Days) -> None:
    days.run(MONDAY, {"ann": 1, "bob": 1})
    days.run(TUESDAY, {"ann": 1, "bob": 0})
    days.run(WEDNESDAY, {"bob": 1}, merged={"ann": "bob"})
    assert days.stays() == [
        ("ann", MONDAY, WEDNESDAY, "merged"),
        ("bob", MONDAY, TUESDAY, "left"),
        ("bob", WEDNESDAY, None, None),
    ]


def test_an_id_whose_records_are_gone_leaves(days: Days) -> None:
    days.run(MONDAY, {"ann": 1})
    days.con.execute("delete from customers.customers; update identity.crosswalk set customer_id = null")
    evaluate(step(days.con, days.here, days.company, TUESDAY))
    assert days.stays() == [("ann", MONDAY, TUESDAY, "left")]


def test_a_changed_definition_is_named_as_the_cause(days: Days, company: Callable[..., Company]) -> None:
    days.run(MONDAY, {"ann": 1, "bob": 3})
    days.company = company(buyers={"field": "orders", "op": "gte", "value": 2})
    days.run(TUESDAY, {"ann": 1, "bob": 3})
    days.run(WEDNESDAY, {"ann": 1, "bob": 0})
    assert days.stays() == [("ann", MONDAY, TUESDAY, "definition"), ("bob", MONDAY, WEDNESDAY, "left")]
    [[first], [second], [third]] = days.rows("select definition from segments.sizes order by as_of")
    assert first != second == third


def test_a_changed_segment_changes_those_that_look_at_it(days: Days, company: Callable[..., Company]) -> None:
    days.company = company(outer={"in_segment": "inner"}, inner=BUYERS)
    days.run(MONDAY, {"ann": 1})
    days.company = company(outer={"in_segment": "inner"}, inner={"field": "orders", "op": "gte", "value": 2})
    days.run(TUESDAY, {"ann": 1})
    assert days.rows("select segment, left_because from segments.history order by all") == [
        ("inner", "definition"),
        ("outer", "definition"),
    ]


def test_a_segment_that_is_gone_ends_its_stays(days: Days, company: Callable[..., Company]) -> None:
    days.run(MONDAY, {"ann": 1})
    days.company = company(others={"field": "orders", "op": "eq", "value": 0})
    days.run(TUESDAY, {"ann": 1})
    assert days.stays() == [("ann", MONDAY, TUESDAY, "definition")]
    days.company = company(buyers=BUYERS)
    days.run(WEDNESDAY, {"ann": 1})
    assert days.stays()[-1] == ("ann", WEDNESDAY, None, None)


def test_the_same_day_again_changes_nothing(days: Days) -> None:
    days.run(MONDAY, {"ann": 1, "bob": 1, "cat": 1})
    days.run(TUESDAY, {"bob": 0, "cat": 1, "dan": 1}, merged={"ann": "dan"})
    before = days.everything()
    days.run(TUESDAY, {"bob": 0, "cat": 1, "dan": 1}, merged={"ann": "dan"})
    assert days.everything() == before
    days.run(TUESDAY, {"bob": 0, "cat": 1, "dan": 1}, merged={"ann": "dan"}, full=True)
    assert days.everything() == before


def test_the_same_day_with_other_input_replaces_the_day(days: Days) -> None:
    days.run(MONDAY, {"ann": 1, "bob": 1})
    days.run(TUESDAY, {"bob": 0, "cat": 1}, merged={"ann": "cat"})
    days.run(TUESDAY, {"ann": 1, "bob": 1, "cat": 0})
    assert days.stays() == [("ann", MONDAY, None, None), ("bob", MONDAY, None, None)]
    assert days.sizes() == [(MONDAY, 2, 2, 0), (TUESDAY, 2, 0, 0)]
    assert days.rows("select * from segments.moves") == []


def test_an_earlier_day_is_refused_unless_the_build_is_full(days: Days) -> None:
    days.run(MONDAY, {"ann": 1})
    days.run(WEDNESDAY, {"ann": 0})
    with pytest.raises(EarlierDayError, match="stand as of 2026-06-03; a run as of 2026-06-02 would erase"):
        days.run(TUESDAY, {"ann": 1})
    days.run(TUESDAY, {"ann": 1, "bob": 1}, full=True)
    assert days.stays() == [("ann", MONDAY, None, None), ("bob", TUESDAY, None, None)]


IDS = ("ann", "bob", "cat", "dan")
ONE_DAY = st.tuples(
    st.fixed_dictionaries({who: st.integers(0, 1) for who in IDS}),
    st.dictionaries(st.sampled_from(IDS[:2]), st.just("dan"), max_size=1),
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(ONE_DAY, min_size=1, max_size=5))
def test_any_course_of_days_keeps_its_promises(days: Days, plan: list[tuple[dict[str, int], dict[str, str]]]) -> None:
    """Sizes add up and open stays are the memberships (asserted by every run); going back and on again is no loss."""
    for table in ("memberships", "history", "sizes", "moves"):
        days.con.execute(f"drop table if exists segments.{table}")
    gone: dict[str, str] = {}
    courses: list[tuple[date, dict[str, int], dict[str, str]]] = []
    for number, (orders, merges) in enumerate(plan):
        gone = gone | merges
        left = {who: n for who, n in orders.items() if who not in gone}
        courses.append((MONDAY + timedelta(days=number), left, dict(gone)))
    for day, orders, merged in courses:
        days.run(day, orders, merged=merged)
    before = days.everything()
    for position, (day, orders, merged) in enumerate(courses):
        days.run(day, orders, merged=merged, full=position == 0)
    assert days.everything() == before
