"""Dates, numbers, places and keys."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp_platform.clean.countries import countries

Say = Callable[..., Any]


@pytest.mark.parametrize("raw", [
    "1999-11-13", "13/11/1999", "13.11.1999", "19991113", "13 Nov 1999", "13 November 1999", "11/13/1999",
    " 1999-11-13T22:00:00-05:00",
])  # fmt: skip
def test_one_date_in_many_notations(say: Say, raw: str):
    assert say("date_of(x)", raw) == date(1999, 11, 13)


def test_day_comes_before_month_where_both_are_possible(say: Say):
    assert say("date_of(x)", "03/04/1999") == date(1999, 4, 3)


@pytest.mark.parametrize("raw", ["1973-70-01", "1935-00-01", "1999111", "99/99/9999", "yesterday", "31/02/1999"])
def test_an_impossible_date_is_none(say: Say, raw: str):
    assert say("date_of(x)", raw) is None


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("1980-05-01", None),
        ("1980-01-01", None),
        ("1900-01-01", "placeholder"),
        ("1899-05-01", "before 1900"),
        ("2026-07-01", "in the future"),
        ("01/02/73", "year has two digits"),
        ("1973-70-01", "not a date"),
    ],
)
def test_a_birth_date_must_make_sense(say: Say, raw: str, problem: str | None):
    assert say("birth_problem(date_of(x), timestamp '2026-06-30')", raw) == problem


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2009-02-28T12:33:57Z", datetime(2009, 2, 28, 12, 33, 57)),
        ("2009-02-28T12:33:57+02:00", datetime(2009, 2, 28, 10, 33, 57)),
        ("2009-02-28 12:33:57.250", datetime(2009, 2, 28, 12, 33, 57, 250_000)),
        ("1235824437", datetime(2009, 2, 28, 12, 33, 57)),
        ("1235824437250", datetime(2009, 2, 28, 12, 33, 57, 250_000)),
        ("28/02/2009 12:33", datetime(2009, 2, 28, 12, 33)),
        ("20090228", datetime(2009, 2, 28)),
        ("1900-01-01", None),
        ("1970-01-01T00:00:00Z", None),
        ("9999-12-31", None),
        ("yesterday", None),
    ],
)
def test_moments_are_in_utc(say: Say, raw: str, moment: datetime | None):
    assert say("moment_of(x)", raw) == moment


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("0.85", "0.85"), ("-1", "-1"), ("1,234.56", "1234.56"), ("1.234,56", "1234.56"), ("12,50", "12.50"),
        ("1,234", "1234"), ("£12.50", "12.50"), ("12.50 GBP", "12.50"), ("(12.50)", "-12.50"), ("12.50-", "-12.50"),
        ("1 234,5", "1234.5"), ("twelve", None), ("1.2.3", None), ("99999999999999999", None),
    ],
)  # fmt: skip
def test_numbers_in_many_notations(say: Say, raw: str, number: str | None):
    assert say("number_of(x)", raw) == (None if number is None else Decimal(number))


@settings(max_examples=15, deadline=None)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_plain_decimal_is_itself(say: Say, number: Decimal):
    assert say("number_of(x)", str(number)) == number


def test_an_implausible_amount_is_none_rather_than_an_error(say: Say):
    assert say("line_amount(x::decimal(18,4), 99999999999999.0::decimal(18,4))", "99999999999999") is None
    assert say("line_amount(x::decimal(18,4), 0.3333::decimal(18,4))", "3") == Decimal("0.9999")


@pytest.mark.parametrize(("raw", "code"), [("gbp", "GBP"), ("£", "GBP"), ("€", "EUR"), ("pounds", None)])
def test_currencies(say: Say, raw: str, code: str | None):
    assert say("currency_code(x)", raw) == code


@pytest.mark.parametrize(
    ("raw", "country", "postcode"),
    [
        ("ne51ql", "GB", "NE5 1QL"), ("NE5  1QL", "GB", "NE5 1QL"), ("w1a0ax", "GB", "W1A 0AX"), ("ne5", "GB", "NE5"),
        ("1234 ab", "NL", "1234 AB"), ("12345-6789", "US", "12345-6789"), ("?", "GB", None), ("next door", "GB", None),
        ("c/o Mrs Smith", "GB", None),
    ],
)  # fmt: skip
def test_postcodes(say: Say, raw: str, country: str, postcode: str | None):
    assert say(f"postcode_of(x, '{country}')", raw) == postcode


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("United Kingdom", "GB"), ("EIRE", "IE"), ("RSA", "ZA"), ("USA", "US"), ("Channel Islands", "JE"), ("gb", "GB"),
        ("DEU", "DE"), ("Deutschland", "DE"), ("Korea", "KR"), ("Czech Republic", "CZ"), ("Narnia", None),
        ("Unspecified", None), ("European Community", None),
    ],
)  # fmt: skip
def test_countries(say: Say, raw: str, code: str | None):
    assert say("country_of(x)", raw) == code


def test_no_country_is_not_an_unknown_country(say: Say):
    assert say("is_no_country(x)", "Unspecified")
    assert not say("is_no_country(x)", "Narnia")


def test_every_country_has_one_code_and_it_names_itself():
    known = countries()
    assert len(set(known.values())) == 249
    assert all(known[code.lower()] == code for code in known.values())


@pytest.mark.parametrize(
    ("raw", "identifier", "somebody"),
    [
        ("12346.0", "12346", "12346"), (" x ", "x", "x"), ("A.0", "A.0", "A.0"), ("0", "0", None), ("000", "000", None),
        ("-1", "-1", None), ("nan", None, None), ("007", "007", "007"), ("NULL", None, None),
    ],
)  # fmt: skip
def test_keys_and_references(say: Say, raw: str, identifier: str | None, somebody: str | None):
    assert say("identifier(x)", raw) == identifier
    assert say("somebody(x)", raw) == somebody
