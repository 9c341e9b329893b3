"""Each check finds what it is there for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.scores.checks import forecast_checks
from cdp_platform.scores.contract import MODELS, PURCHASE, VALUE
from cdp_platform.scores.forecast import forecast
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.check import run
from tests.conftest import TODAY
from tests.scores.conftest import build_and_check


@pytest.fixture
def scored(con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step]) -> DuckDBPyConnection:
    """Ten customers with scores that pass every check."""
    happen([(f"c{i}", TODAY - timedelta(days=d), "order", 10 + i) for i in range(10) for d in (100, 120 + i)])
    assert build_and_check(step(), [PURCHASE, VALUE, MODELS], forecast, forecast_checks()) == []
    return con


def failing(con: DuckDBPyConnection) -> set[str]:
    return {o.check.name for o in run(con, forecast_checks()) if not o.passed}


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("delete from scores.purchase where customer_id = 'c3'", "covers_who_ordered"),
        ("insert into scores.value from scores.value where customer_id = 'c3'", "key_is_unique"),
        ("update scores.purchase set customer_id = 'stranger' where customer_id = 'c3'", "customer_id_is_known"),
        ("update scores.purchase set probability_90d = 1.1", "probabilities_are_probabilities"),
        ("update scores.purchase set probability_90d = 'nan'", "probabilities_are_probabilities"),
        ("update scores.purchase set probability_30d = 0.99", "longer_is_likelier"),
        ("update scores.purchase set churn_risk = 0.5", "churn_is_the_complement"),
        ("update scores.purchase set reasons = null where customer_id = 'c3'", "nothing_is_missing"),
        ("update scores.value set expected_value_365d = 'inf'", "values_are_amounts"),
        ("update scores.value set rank = rank + 1", "ranks_are_complete"),
        ("update scores.value set rank = 11 - rank", "ranks_are_complete"),
    ],
)
def test_damage_is_found_and_stops_the_run(scored: DuckDBPyConnection, damage: str, found: str) -> None:
    scored.execute(damage)

    assert found in {o.check.name for o in run(scored, forecast_checks()) if not o.passed and o.check.blocking}


def card(con: DuckDBPyConnection, score: str, **figures: float | None) -> None:
    said = ", ".join(f'"{name}": {"null" if value is None else value}' for name, value in figures.items())
    con.execute("update scores.models set figures = ? where score = ?", [f"{{{said}}}", score])


@pytest.mark.parametrize(
    ("ratio", "area", "warnings"),
    [
        (1.0, 0.8, set[str]()),
        (0.5, 0.8, {"level_is_right"}),
        (1.7, 0.8, {"level_is_right"}),
        (1.0, 0.55, {"buyers_stand_out"}),
    ],
)
def test_a_poor_model_is_a_warning(scored: DuckDBPyConnection, ratio: float, area: float, warnings: set[str]) -> None:
    shares = {"customers": 1000, "observed_share": 0.2 * ratio, "predicted_share": 0.2}
    card(scored, "purchase", **shares, observed_to_predicted=ratio, area_under_curve=area)

    assert failing(scored) == warnings


def test_nobody_is_warned_about_a_handful_of_buyers(scored: DuckDBPyConnection) -> None:
    shares = {"customers": 100, "observed_share": 0.02, "predicted_share": 0.2}
    card(scored, "purchase", **shares, observed_to_predicted=0.1, area_under_curve=0.4)

    assert failing(scored) == set()


def test_a_shop_that_stopped_selling_is_a_warning(scored: DuckDBPyConnection) -> None:
    shares = {"customers": 1000, "observed_share": 0, "predicted_share": 0.2}
    card(scored, "purchase", **shares, observed_to_predicted=0, area_under_curve=None)

    assert failing(scored) == {"level_is_right"}


def test_values_that_rank_badly_are_a_warning(scored: DuckDBPyConnection) -> None:
    shares = {"customers": 1000, "observed_share": 0.2, "predicted_share": 0.2}
    card(scored, "purchase", **shares, observed_to_predicted=1, area_under_curve=0.8)
    card(scored, "value", rank_correlation=0.05)

    assert failing(scored) == {"value_ranks_well"}
