"""How far a source was read, kept as text and moved back by the re-read window."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import duckdb
import pytest

from cdp_platform.sources.cursor import highest, later, parameter, said, step_back


@pytest.mark.parametrize(
    "value",
    [datetime(2011, 12, 9, 12, 30), datetime(2011, 12, 9, tzinfo=UTC), date(2011, 12, 9), 7, Decimal("7.25"), "v7"],
)
def test_a_value_comes_back_as_it_was(value: object):
    assert parameter(said(value)) == value


@pytest.mark.parametrize(
    ("value", "days", "expected"),
    [
        (datetime(2011, 12, 9, 12), 1, datetime(2011, 12, 8, 12)),
        (date(2011, 12, 9), 2, date(2011, 12, 7)),
        (100, 10, Decimal(90)),
        ("2011-12-09", 1, "2011-12-08"),
        ("2011-12-09 12:00:00", 0.5, "2011-12-09 00:00:00"),
        ("2011-12-09T12:00:00Z", 1, "2011-12-08T12:00:00Z"),
        ("2011-12-09T12:00:00+01:00", 1, datetime(2011, 12, 8, 12, tzinfo=timezone(timedelta(hours=1))).isoformat()),
        ("100", 10, "90"),
        ("version-7", 1, "version-7"),
    ],
)
def test_the_window_moves_a_value_back_in_its_own_form(value: object, days: float, expected: object):
    assert parameter(step_back(said(value), days)) == expected


def test_the_later_of_two_values_is_kept():
    assert later("number 9", "number 10") == "number 10"
    assert later(None, "text a") == "text a"
    assert later("text a", None) == "text a"
    assert later("text 9", "number 1") == "number 1"  # the source changed its form


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["9", "10", None], "text 10"),
        (["2011-12-09T00:00:00Z", "2011-12-09T00:30:00+01:00"], "text 2011-12-09T00:00:00Z"),
        ([], None),
    ],
)
def test_the_highest_value_of_text_is_found_as_number_or_time(values: list[str | None], expected: str | None):
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute("create table t(c varchar)")
    for value in values:
        con.execute("insert into t values (?)", [value])

    assert highest(con, "t", "c") == expected
