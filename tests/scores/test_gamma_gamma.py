"""Order values: shrunk towards everyone's mean, and refused where the mean would run away."""

import numpy as np
import pytest

from cdp_platform.scores.gamma_gamma import GammaGamma, Spending, expected_order_value, fit, usual

SHOP = GammaGamma(6.25, 3.74, 15.44)


def spending(*rows: tuple[float, float, float]) -> Spending:
    return Spending(*np.array(rows).T)


def test_without_repeat_orders_the_expectation_is_everyones_mean() -> None:
    assert expected_order_value(SHOP, spending((0, 0, 1)))[0] == pytest.approx(SHOP.mean)
    assert SHOP.mean == pytest.approx(35.2, abs=0.1)


def test_with_more_orders_the_expectation_moves_to_the_customers_own_mean() -> None:
    few, many, endless = expected_order_value(SHOP, spending((1, 100, 1), (10, 100, 1), (10_000, 100, 1)))

    assert SHOP.mean < few < many < endless
    assert endless == pytest.approx(100, rel=1e-3)


def test_the_currency_only_scales() -> None:
    random = np.random.default_rng(3)
    means, orders = random.gamma(4, 10, 400), random.integers(1, 8, 400).astype(float)
    pounds, _ = fit(Spending(orders, means, np.ones(400)))
    pence, _ = fit(Spending(orders, means * 100, np.ones(400)))

    assert pence.v == pytest.approx(100 * pounds.v, rel=1e-4)
    assert pence[:2] == pytest.approx(pounds[:2], rel=1e-4)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(np.zeros((0, 3)), id="nobody"),
        pytest.param(np.array([[1.0, 10.0, 500.0]]), id="everyone spends the same"),
    ],
)
def test_too_even_data_are_refused(rows: np.ndarray) -> None:
    with pytest.raises(ArithmeticError):
        fit(Spending(*rows.T))


def test_the_usual_shape_has_the_mean_of_the_company() -> None:
    assert usual(42.0).mean == pytest.approx(42.0)
    assert expected_order_value(usual(0.0), spending((0, 0, 1)))[0] == 0
