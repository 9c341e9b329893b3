"""What holds of every model, whatever its parameters, and of fits on too little or too even data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import hyp2f1

from cdp_platform.scores.buy_till_you_die import (
    Histories,
    Kind,
    Model,
    alive,
    expected_orders,
    fit,
    log_likelihood,
    order_probability,
    usual,
)

parameter = st.floats(0.05, 50)
models = st.builds(Model, st.sampled_from(["mbg_nbd", "bg_nbd"]), parameter, parameter, parameter, parameter)


@st.composite
def histories(draw: st.DrawFn) -> Histories:
    """A handful of customers, each with a last order between the first and today."""
    rows: list[tuple[float, ...]] = []
    for _ in range(draw(st.integers(1, 6))):
        age = draw(st.floats(1 / 7, 300))
        repeats = draw(st.integers(0, 200))
        last = age * draw(st.floats(0, 1)) if repeats else 0
        rows.append((repeats, last, age, draw(st.integers(1, 9))))
    return Histories(*np.array(rows, dtype=float).T)


def one(repeats: float, last: float, age: float) -> Histories:
    return Histories(*np.array([[repeats], [last], [age], [1.0]]))


@settings(max_examples=100, deadline=None)
@given(models, histories())
def test_probabilities_lie_within_0_and_1_and_grow_with_the_horizon(model: Model, customers: Histories) -> None:
    p30, p60, p90 = (order_probability(model, customers, days / 7) for days in (30, 60, 90))

    assert (p30 >= 0).all()
    assert (p30 <= p60).all()
    assert (p60 <= p90).all()
    assert (p90 <= alive(model, customers)).all()
    assert (alive(model, customers) <= 1).all()


@settings(max_examples=100, deadline=None)
@given(models, histories())
def test_expected_orders_are_at_least_the_probability_of_one(model: Model, customers: Histories) -> None:
    expected = expected_orders(model, customers, 52)

    assert np.isfinite(expected).all()
    assert (expected >= order_probability(model, customers, 52) - 1e-9).all()


@settings(max_examples=100, deadline=None)
@given(models, st.integers(1, 60), st.floats(1, 300), st.floats(0, 1), st.floats(0, 1))
def test_who_ordered_more_recently_is_not_less_likely_to_order(
    model: Model, repeats: int, age: float, early: float, late: float
) -> None:
    early, late = sorted((early, late))
    before, after = (one(repeats, age * part, age) for part in (early, late))

    assert order_probability(model, before, 13)[0] <= order_probability(model, after, 13)[0] + 1e-12


def test_expected_orders_agree_with_the_closed_form() -> None:
    """Fader, Hardie, Lee 2005, equation 10, where its hypergeometric function can be computed."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    x, last, age, weeks = 2, 30.43, 38.86, 39
    series = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (alpha + age + weeks))
    top = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + weeks)) ** (r + x) * series)
    published = top / (1 + a / (b + x - 1) * ((alpha + age) / (alpha + last)) ** (r + x))

    found = expected_orders(Model("bg_nbd", r, alpha, a, b), one(x, last, age), weeks)[0]

    assert published == pytest.approx(1.226, abs=0.001)
    assert found == pytest.approx(published, rel=1e-9)


@pytest.mark.parametrize("kind", ["mbg_nbd", "bg_nbd"])
def test_the_fit_finds_the_parameters_that_drew_the_customers(kind: Kind) -> None:
    """20,000 customers who order, and drop out, as the model says."""
    r, alpha, a, b = 0.8, 6.0, 0.9, 2.5
    random = np.random.default_rng(7)
    number = 20_000
    rate, leaves = random.gamma(r, 1 / alpha, number), random.beta(a, b, number)
    age = random.uniform(26, 104, number)
    repeats, last, moment = np.zeros(number), np.zeros(number), np.zeros(number)
    gone = random.random(number) < leaves if kind == "mbg_nbd" else np.zeros(number, dtype=bool)
    while not gone.all():
        moment += random.exponential(1 / rate)
        ordered = ~gone & (moment <= age)
        repeats[ordered] += 1
        last[ordered] = moment[ordered]
        gone |= ~ordered | (random.random(number) < leaves)

    model, _ = fit(kind, Histories(repeats, last, age, np.ones(number)))

    assert model[1:] == pytest.approx((r, alpha, a, b), rel=0.15)


@settings(max_examples=25, deadline=None)
@given(histories(), st.sampled_from(["mbg_nbd", "bg_nbd"]))
def test_a_fit_on_a_handful_of_customers_gives_probabilities_or_says_that_it_cannot(
    customers: Histories, kind: Kind
) -> None:
    try:
        model, likelihood = fit(kind, customers)
    except ArithmeticError:
        model = usual(kind, customers)
        likelihood = log_likelihood(model, customers)

    probability = order_probability(model, customers, 13)
    assert np.isfinite(likelihood)
    assert ((probability >= 0) & (probability <= 1)).all()
    assert np.isfinite(expected_orders(model, customers, 52)).all()


def test_nobody_cannot_be_fitted() -> None:
    with pytest.raises(ArithmeticError, match="no customers"):
        fit("mbg_nbd", Histories(*np.zeros((4, 0))))


def test_the_usual_shape_takes_the_rate_of_the_company() -> None:
    """10 customers, 20 weeks each, 40 repeat orders: with the usual customer 41 orders in 211.8 weeks."""
    customers = Histories(*np.array([[4.0], [10.0], [20.0], [10.0]]))

    model = usual("mbg_nbd", customers)

    assert model.r / model.alpha == pytest.approx(41 / 211.78, rel=1e-4)
