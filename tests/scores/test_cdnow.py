"""The models give the published parameters: Fader, Hardie, Lee 2005, and what the package lifetimes finds."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.scores import buy_till_you_die, gamma_gamma
from cdp_platform.scores.buy_till_you_die import Histories, Kind
from cdp_platform.scores.forecast import forecast
from cdp_platform.scores.gamma_gamma import Spending
from tests.scores.conftest import cdnow_orders

HOLDOUT_WEEKS = 39
HOLDOUT_ORDERS = 1882


@pytest.mark.parametrize(
    ("kind", "published", "likelihood"),
    [
        ("bg_nbd", (0.2426, 4.4136, 0.7929, 2.4259), -9582.43),
        ("mbg_nbd", (0.5248, 6.1827, 0.8914, 1.6140), -9582.13),
    ],
)
def test_the_fit_is_the_published_one(
    cdnow_histories: Histories, kind: Kind, published: tuple[float, ...], likelihood: float
) -> None:
    model, found = buy_till_you_die.fit(kind, cdnow_histories)

    assert model[1:] == pytest.approx(published, rel=2e-4)
    assert found == pytest.approx(likelihood, abs=0.01)


def test_collapsing_equal_histories_changes_nothing(cdnow_histories: Histories) -> None:
    rows, counts = np.unique(np.column_stack(cdnow_histories[:3]), axis=0, return_counts=True)
    assert len(rows) < 2357

    collapsed, _ = buy_till_you_die.fit("mbg_nbd", Histories(*rows.T, customers=counts.astype(float)))

    assert collapsed[1:] == pytest.approx(buy_till_you_die.fit("mbg_nbd", cdnow_histories)[0][1:], rel=1e-4)


def test_expected_orders_of_the_holdout_period_are_the_published_ones(cdnow: Path, cdnow_histories: Histories) -> None:
    days = {(customer, at) for customer, at, _, _ in cdnow_orders(cdnow) if str(at) >= "1997-10-01"}
    model, _ = buy_till_you_die.fit("bg_nbd", cdnow_histories)

    expected = buy_till_you_die.expected_orders(model, cdnow_histories, HOLDOUT_WEEKS).sum()

    assert len(days) == HOLDOUT_ORDERS
    assert expected == pytest.approx(1653, abs=1)


def test_a_one_time_buyer_of_long_ago_is_alive_under_bg_nbd_but_hardly_orders(cdnow_histories: Histories) -> None:
    once = Histories(*np.array([[0.0], [0.0], [39.0], [1.0]]))
    bg, _ = buy_till_you_die.fit("bg_nbd", cdnow_histories)
    mbg, _ = buy_till_you_die.fit("mbg_nbd", cdnow_histories)

    assert buy_till_you_die.alive(bg, once)[0] == 1
    assert buy_till_you_die.alive(mbg, once)[0] < 0.6
    assert buy_till_you_die.order_probability(bg, once, 13)[0] < 0.1
    assert buy_till_you_die.order_probability(mbg, once, 13)[0] < 0.1


def test_order_values_are_the_published_ones(cdnow: Path) -> None:
    rows = np.genfromtxt(cdnow / "cdnow_customers_summary_with_transactions.csv", delimiter=",", skip_header=1)
    repeats = rows[rows[:, 1] > 0]

    model, likelihood = gamma_gamma.fit(Spending(repeats[:, 1], repeats[:, 4], np.ones(len(repeats))))

    assert model == pytest.approx((6.2488, 3.7446, 15.4477), rel=1e-4)
    assert likelihood == pytest.approx(-4055.92, abs=0.01)


def test_the_whole_room_foretells_cdnow(
    cdnow: Path, con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., object]
) -> None:
    happen(cdnow_orders(cdnow))

    forecast(step(date(1997, 10, 1)))  # pyright: ignore[reportArgumentType]

    [[r, alpha, customers]] = con.execute("""
        select (parameters->>'$.r')::double, (parameters->>'$.alpha')::double, customers
        from scores.models where score = 'purchase'""").fetchall()
    assert customers == 2357
    assert (r, alpha) == pytest.approx((0.5248, 6.1827), rel=0.02)  # ages end a day later than in the paper
    [[right]] = con.execute("""
        with since as (
            select distinct customer_id from customers.timeline
            where happened_at >= date '1997-10-01' and happened_at < date '1997-12-30')
        select corr((s.customer_id is not null)::integer, p.probability_90d)
        from scores.purchase p left join since s using (customer_id)""").fetchall()
    assert right > 0.35
