"""Recency, frequency and monetary value of a small shop, by eye."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.scores.checks import rfm_checks
from cdp_platform.scores.contract import RFM
from cdp_platform.scores.rfm import LABELS, rfm
from cdp_platform.shared.step import Step
from tests.conftest import TODAY
from tests.scores.conftest import build_and_check


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def five(happen: Callable[..., None], step: Callable[..., Step], con: DuckDBPyConnection) -> DuckDBPyConnection:
    """Ann often and just now … Eve once and long ago."""
    orders = {
        "ann": (1, 20, 40, 60, 80),
        "bob": (10, 40, 90, 95),
        "cleo": (50, 60, 70),
        "dan": (100, 120),
        "eve": (400,),
    }
    happen(
        [
            *((who, ago(days), "order", 10 * len(when)) for who, when in orders.items() for days in when),
            ("ann", f"{ago(1)} 18:00:00", "order", 5),  # a second order on one day
            ("ann", ago(1), "return", -50),
            (None, ago(3), "order", 999),  # nobody is known to have ordered this
            ("bob", TODAY, "order", 999),  # today has not happened yet
            ("zoe", ago(5), "page", None),  # looks, does not order
        ]
    )
    rfm(step())
    return con


def test_the_bands_of_five_customers(five: DuckDBPyConnection) -> None:
    rows = five.execute("""
        select customer_id, recency_days, frequency, monetary::double, recency, frequency_band, monetary_band, label
        from scores.rfm order by customer_id""").fetchall()

    assert rows == [
        ("ann", 1, 5, 205, 5, 5, 5, "champions"),
        ("bob", 10, 4, 160, 4, 4, 4, "loyal"),
        ("cleo", 50, 3, 90, 3, 3, 3, "needs attention"),
        ("dan", 100, 2, 40, 2, 2, 2, "hibernating"),
        ("eve", 400, 1, 10, 1, 1, 1, "lost"),
    ]


def test_the_table_keeps_its_contract_and_its_checks(five: DuckDBPyConnection, step: Callable[..., Step]) -> None:
    assert build_and_check(step(), [RFM], rfm, rfm_checks()) == []
    assert [c[0] for c in five.execute("describe scores.rfm").fetchall()] == list(RFM.columns)


def test_the_reason_is_a_sentence(five: DuckDBPyConnection) -> None:
    [[ann], [eve]] = five.execute("""
        select reasons from scores.rfm where customer_id in ('ann', 'eve') order by customer_id""").fetchall()

    assert (
        ann
        == "last order 1 day ago (recency 5 of 5), 5 order days (frequency 5 of 5), 205.00 less returns (value 5 of 5)"
    )
    assert eve.startswith("last order 400 days ago (recency 1 of 5), 1 order day (frequency 1 of 5)")


def test_equal_values_share_a_band(
    happen: Callable[..., None], step: Callable[..., Step], con: DuckDBPyConnection
) -> None:
    once = [(f"once{i}", ago(30 + i), "order", 10) for i in range(6)]
    often = [(f"often{i}", ago(days), "order", 10) for i in range(4) for days in range(10, 13 + i)]
    happen([*once, *often])

    rfm(step())

    bands = dict(con.execute("select customer_id, frequency_band from scores.rfm").fetchall())
    assert {bands[f"once{i}"] for i in range(6)} == {1}
    assert [bands[f"often{i}"] for i in range(4)] == [4, 4, 5, 5]


def test_customers_who_are_all_alike_are_in_the_middle(
    happen: Callable[..., None], step: Callable[..., Step], con: DuckDBPyConnection
) -> None:
    happen([(who, ago(7), "order", 10) for who in "abc"])

    rfm(step())

    assert con.execute("select distinct recency, frequency_band, monetary_band, label from scores.rfm").fetchall() == [
        (3, 3, 3, "needs attention")
    ]


def test_every_mix_of_recency_and_frequency_has_a_label() -> None:
    assert {recency: len(row) for recency, row in LABELS.items()} == dict.fromkeys(range(1, 6), 5)
    assert {label for row in LABELS.values() for label in row} == {
        "champions", "loyal", "new", "promising", "needs attention", "at risk", "hibernating", "lost",
    }  # fmt: skip


def test_without_orders_the_table_is_empty(
    happen: Callable[..., None], step: Callable[..., Step], con: DuckDBPyConnection
) -> None:
    happen([("zoe", ago(5), "page", None)])

    assert build_and_check(step(), [RFM], rfm, rfm_checks()) == []
    assert con.execute("select count(*) from scores.rfm").fetchall() == [(0,)]
