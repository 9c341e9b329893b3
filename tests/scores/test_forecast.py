"""Purchase, value and their models: for a shop of some size, and for those too young or too even to fit."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.scores.checks import forecast_checks
from cdp_platform.scores.contract import MODELS, PURCHASE, VALUE
from cdp_platform.scores.forecast import forecast
from cdp_platform.scores.order_history import distinct_histories, distinct_spending
from cdp_platform.shared.step import Step
from tests.conftest import TODAY
from tests.scores.conftest import Happening, build_and_check

TABLES = [PURCHASE, VALUE, MODELS]


def shop(customers: int = 600, days: int = 500, seed: int = 1) -> list[Happening]:
    """Customers who order at a rate of their own until they drop out, up to 30 days past today."""
    random = np.random.default_rng(seed)
    found: list[Happening] = []
    for number in range(customers):
        day = random.uniform(0, days - 1)
        rate, leaves, usual = random.gamma(1.2, 1 / 40), random.beta(1, 4), random.gamma(6, 8)
        while day < days + 30:
            when = TODAY - timedelta(days=days - int(day))
            found.append((f"c{number:04}", when, "order", round(float(usual * random.gamma(6, 1 / 6)), 2)))
            day += random.exponential(1 / rate)
            if random.random() < leaves:
                break
    return found


def rows(con: DuckDBPyConnection, table: str) -> list[tuple[object, ...]]:
    return con.execute(f"from {table} order by all").fetchall()


def figures(con: DuckDBPyConnection, score: str) -> dict[str, object]:
    [[text]] = con.execute("select figures from scores.models where score = ?", [score]).fetchall()
    return json.loads(text)


def test_a_shop_of_some_size_is_fitted_scored_and_judged(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    happen(shop())

    assert build_and_check(step(), TABLES, forecast, forecast_checks()) == []

    for table in TABLES:
        assert [c[0] for c in con.execute(f"describe {table.name}").fetchall()] == list(table.columns)
    purchase, value = figures(con, "purchase"), figures(con, "value")
    assert purchase["fit"] == value["fit"] == "fitted"
    assert purchase["fitted_as_of"] == str(TODAY - timedelta(days=90))
    assert 0.7 < float(str(purchase["area_under_curve"])) < 1
    assert float(str(purchase["observed_to_predicted"])) == pytest.approx(1, abs=0.25)
    assert float(str(value["rank_correlation"])) > 0.3


def test_what_the_fit_sees_and_gives_does_not_depend_on_the_machine(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    """Sums of floating-point numbers depend on their order, and the last bits of an optimum on the processor."""
    happen(shop(300))
    forecast(step())

    histories, spending = distinct_histories(con, "history"), distinct_spending(con, "history")
    parameters = con.execute("select parameters from scores.models").fetchall()

    assert list(zip(*histories, strict=True)) == sorted(zip(*histories, strict=True))
    assert list(zip(*spending, strict=True)) == sorted(zip(*spending, strict=True))
    for [text] in parameters:
        assert all(value == float(f"{value:.6g}") for value in json.loads(text).values())


def test_the_same_orders_give_the_same_tables_whatever_their_order_and_the_threads(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    orders = shop(300)
    happen(orders)
    forecast(step())
    before = [rows(con, table.name) for table in TABLES]

    con.execute("set threads = 1")
    happen(reversed(orders))
    forecast(step())

    assert [rows(con, table.name) for table in TABLES] == before


def test_only_what_happened_before_the_day_counts(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    orders = shop(200)
    happen(orders)
    forecast(step())
    before = [rows(con, table.name) for table in TABLES]
    known = [order for order in orders if str(order[1]) < str(TODAY)]
    assert len(known) < len(orders)

    happen([*known, ("late", f"{TODAY} 00:00:00", "order", 10)])
    forecast(step())

    assert [rows(con, table.name) for table in TABLES] == before


def test_orders_of_nobody_known_do_not_count(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    happen([("ann", "2026-05-01", "order", 10), (None, "2026-05-01", "order", 10)])

    forecast(step())

    assert con.execute("select customer_id from scores.purchase").fetchall() == [("ann",)]


def test_reasons_are_sentences(con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]) -> None:
    days = [TODAY - timedelta(days=ago) for ago in (131, 101, 71, 41)]
    happen([*(("ann", day, "order", 30) for day in days), ("bob", TODAY - timedelta(days=1), "order", 5)])

    forecast(step())

    assert con.execute("select reasons from scores.purchase order by customer_id").fetchall() == [
        ("4 order days, the last 41 days ago, usual gap 30 days",),
        ("1 order day, the last 1 day ago",),
    ]
    assert con.execute("select reasons from scores.value order by customer_id").fetchall() == [
        ("4 order days, the last 41 days ago, usual gap 30 days; 30.00 per repeat order",),
        ("1 order day, the last 1 day ago; no repeat order with a value yet",),
    ]


def test_bands_of_value_are_shares_of_the_ranks(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    happen([(f"c{i:02}", TODAY - timedelta(days=d), "order", 10 + i) for i in range(40) for d in (5, 30 + i)])

    forecast(step())

    bands = con.execute(
        "select band, count(*), min(rank), max(rank) from scores.value group by 1 order by 3"
    ).fetchall()
    assert bands == [
        ("top 5 %", 2, 1, 2),
        ("next 15 %", 6, 3, 8),
        ("next 30 %", 12, 9, 20),
        ("rest", 20, 21, 40),
    ]  # fmt: skip


def test_equal_customers_rank_by_their_id(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    happen([(who, TODAY - timedelta(days=9), "order", 10) for who in ("cleo", "ann", "bob")])

    forecast(step())

    assert con.execute("select customer_id from scores.value order by rank").fetchall() == [
        ("ann",),
        ("bob",),
        ("cleo",),
    ]
    assert con.execute("select distinct band from scores.purchase").fetchall() == [("middle",)]


@pytest.mark.parametrize(
    ("happenings", "customers"),
    [
        pytest.param([], 0, id="no orders at all"),
        pytest.param([("zoe", date(2026, 6, 1), "page", None)], 0, id="only visitors"),
        pytest.param([("ann", date(2026, 6, 29), "order", 10)], 1, id="one customer, one order, yesterday"),
        pytest.param([("ann", date(2026, 6, 1), "order", None)], 1, id="an order without amount"),
        pytest.param([("ann", date(2026, 6, 1), "order", 0), ("ann", date(2026, 6, 9), "order", 0)], 1, id="gifts"),
        pytest.param([(f"c{i}", date(2026, 6, 1), "order", 10) for i in range(300)], 300, id="a single day"),
        pytest.param([(f"c{i}", date(2024, 1, 1 + i % 28), "order", i) for i in range(300)], 300, id="no repeat buyer"),
        pytest.param(
            [(f"c{i}", date(2026, month, 1), "order", 10) for i in range(200) for month in (1, 2, 3, 4)],
            200,
            id="all the same",
        ),
        pytest.param(
            [(f"c{i}", date(2025, 7, 1) + timedelta(days=d), "order", 10) for i in range(60) for d in range(360)],
            60,
            id="daily orders of everyone",
        ),
    ],
)
def test_however_little_or_even_the_data_everyone_has_scores_that_pass_the_checks(
    con: DuckDBPyConnection,
    happen: Callable[..., None],
    step: Callable[..., Step],
    happenings: list[Happening],
    customers: int,
) -> None:
    happen(happenings)

    assert build_and_check(step(), TABLES, forecast, [c for c in forecast_checks() if c.blocking]) == []
    assert con.execute(
        "select (select count(*) from scores.purchase), (select count(*) from scores.value)"
    ).fetchall() == [(customers, customers)]
    assert con.execute("select score, model from scores.models order by 1").fetchall() == [
        ("purchase", "mbg_nbd"),
        ("value", "gamma_gamma"),
    ]


def test_a_young_shop_takes_the_usual_shape_and_says_so(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    buyers = [(f"c{i}", TODAY - timedelta(days=d), "order", 50) for i in range(12) for d in (20, 40)]
    happen([*buyers, *((f"once{i}", TODAY - timedelta(days=60), "order", 50) for i in range(12))])

    forecast(step())

    assert figures(con, "purchase")["fit"] == (
        "usual shape at the company's own order rate: 12 repeat buyers, fewer than 50"
    )
    [[again, once]] = con.execute("""
        select max(probability_90d) filter (customer_id = 'c0'), max(probability_90d) filter (customer_id = 'once0')
        from scores.purchase""").fetchall()
    assert 0 < once < again < 1
    assert con.execute("select distinct expected_order_value from scores.value").fetchall()[0][0] == pytest.approx(50)


def test_the_limit_is_configured(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    happen(shop(150))

    forecast(step(least_repeat_buyers=1000, calibration_days=30))

    purchase = figures(con, "purchase")
    assert "fewer than 1000" in str(purchase["fit"])
    assert purchase["horizon_days"] == 30


def test_the_models_version_stands_beside_every_score(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]
) -> None:
    happen(shop(150))
    forecast(step())

    assert (
        con.execute("""
        select distinct 'purchase', p.model_version from scores.purchase p
        union select distinct 'value', v.model_version from scores.value v
        except select score, model_version from scores.models""").fetchall()
        == []
    )
