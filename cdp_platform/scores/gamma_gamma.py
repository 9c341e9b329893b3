"""Gamma-Gamma model of what a customer spends per order (Fader, Hardie 2013), by maximum likelihood.

A customer's order values vary around a mean of their own, and these means vary between customers. The fewer orders we
have seen, the closer the expectation stays to everyone's mean. The first order is left out: it draws customers in
(offers, gifts) and says less about what they spend later.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, psi

Array = NDArray[np.float64]

USUAL_SHAPE = (6.2488, 3.7446)
"""p and q of CDNOW, a music shop: assumed where a company is too young to show its own."""

LOG_BOUND = 12.0


class Spending(NamedTuple):
    """Repeat orders of customers."""

    orders: Array
    """Repeat order days with a positive value; at least one where the model is fitted."""
    mean: Array
    """Their mean value."""
    customers: Array
    """Customers with these two values."""


class GammaGamma(NamedTuple):
    """The model's parameters; v is in units of money."""

    p: float
    q: float
    v: float

    @property
    def mean(self) -> float:
        """Expected value of an order of someone we know nothing of. Endless unless q > 1."""
        return self.p * self.v / (self.q - 1)


def fit(spending: Spending) -> tuple[GammaGamma, float]:
    """The most likely model and its log-likelihood. Raises ArithmeticError when there is no usable optimum.

    It is not usable when the mean it implies is more than three times, or less than a third of, the mean that was
    seen: with q near 1 everyone's mean runs away.
    """
    total = spending.customers.sum()
    if not total:
        raise ArithmeticError("no repeat orders")
    usual = float((spending.customers * spending.mean).sum() / total)
    scaled = spending._replace(mean=spending.mean / usual)  # pounds or yen: the search starts equally near

    def objective(logs: Array) -> tuple[float, Array]:
        value, slope = _log_likelihood(_model(logs), scaled)
        return -value / total, -slope / total

    found = minimize(
        objective,
        np.zeros(3),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-LOG_BOUND, LOG_BOUND)] * 3,
        options={"maxiter": 1000, "maxfun": 5000, "ftol": 1e-15, "gtol": 1e-9},
    )
    model = _model(found.x)
    at_bound = np.abs(found.x).max() >= LOG_BOUND
    if not np.isfinite(found.fun) or at_bound or np.abs(found.jac).max() > 1e-3:
        raise ArithmeticError("the likelihood has no optimum that could be found")
    if model.q <= 1 or not 1 / 3 <= model.mean <= 3:
        raise ArithmeticError("the mean order value that follows is far from the one seen")
    return model._replace(v=model.v * usual), -float(found.fun) * float(total) - float(total) * float(np.log(usual))


def usual(mean: float) -> GammaGamma:
    """The usual shape around the company's own mean order value."""
    p, q = USUAL_SHAPE
    return GammaGamma(p, q, mean * (q - 1) / p)


def log_likelihood(model: GammaGamma, spending: Spending) -> float:
    """How likely the mean order values are under the model; 0 when there are none."""
    return _log_likelihood(model, spending)[0] if len(spending.orders) else 0.0


def expected_order_value(model: GammaGamma, spending: Spending) -> Array:
    """Expected value of an order to come; everyone's mean for customers without repeat orders."""
    p, q, v = model
    return p * (v + spending.orders * spending.mean) / (p * spending.orders + q - 1)


def _model(logs: Array) -> GammaGamma:
    p, q, v = np.exp(logs)
    return GammaGamma(float(p), float(q), float(v))


def _log_likelihood(model: GammaGamma, spending: Spending) -> tuple[float, Array]:
    """The log-likelihood, and its gradient by the logs of p, q, v."""
    p, q, v = model
    orders, mean, customers = spending
    shape = p * orders
    scale = np.log(orders * mean + v)
    value = (
        gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v)
        + (shape - 1) * np.log(mean) + shape * np.log(orders) - (shape + q) * scale
    )  # fmt: skip
    slopes = (
        orders * (psi(shape + q) - psi(shape) + np.log(mean) + np.log(orders) - scale),
        psi(shape + q) - psi(q) + np.log(v) - scale,
        q / v - (shape + q) / (orders * mean + v),
    )
    slope = np.array([(customers * s).sum() for s in slopes]) * np.array([p, q, v])
    return float((customers * value).sum()), slope
