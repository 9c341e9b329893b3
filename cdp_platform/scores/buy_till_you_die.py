"""Buy-till-you-die models of repeat orders, by maximum likelihood: MBG/NBD and BG/NBD.

A customer orders at a rate of their own until they drop out, which nobody sees. Rates differ between customers as a
Gamma(r, alpha), the chance to drop out as a Beta(a, b). BG/NBD (Fader, Hardie, Lee 2005) lets a customer drop out after
each repeat order; MBG/NBD (Batislam, Denizel, Filiztekin 2007) after the first order too. So both are one formula in
the number of chances to drop out: repeats for BG/NBD, repeats + 1 for MBG/NBD.

Under BG/NBD everyone who ordered once is alive for ever. As a churn score P(alive) ranked worse than chance on real
orders (area under the curve .464); the probability of an order within a horizon reached .80. Use that.

Time is in weeks. Arrays have one element per distinct history.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaincinv, expit, gammaln, psi

Array = NDArray[np.float64]
Kind = Literal["mbg_nbd", "bg_nbd"]

START = (1.0, 3.0, 1.0, 3.0)
USUAL = (0.5248, 6.1827, 0.8914, 1.6140)
"""MBG/NBD parameters of CDNOW, a music shop: the shape assumed where a company is too young to show its own."""

LOG_BOUND = 12.0
"""Parameters stay within exp(-12) and exp(12): when customers are all alike, the likelihood rises for ever."""


class Histories(NamedTuple):
    """What the models know of customers: distinct order histories and how many customers share each."""

    repeats: Array
    """Order days after the first."""
    last: Array
    """Weeks from the first order to the last."""
    age: Array
    """Weeks from the first order to today."""
    customers: Array
    """Customers with this history."""


class Model(NamedTuple):
    """A model with its parameters (per week)."""

    kind: Kind
    r: float
    alpha: float
    a: float
    b: float


def fit(kind: Kind, histories: Histories) -> tuple[Model, float]:
    """The most likely model and its log-likelihood. Raises ArithmeticError when no optimum is found.

    Log-parameters keep it positive; the objective per customer and the gradient in closed form keep it exact and quick
    (CDNOW's 2,357 customers: about 0.02 s).
    """
    total = histories.customers.sum()
    if not total:
        raise ArithmeticError("no customers")

    def objective(logs: Array) -> tuple[float, Array]:
        value, slope = _log_likelihood(_model(kind, logs), histories)
        return -value / total, -slope / total

    found = minimize(
        objective,
        np.log(START),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-LOG_BOUND, LOG_BOUND)] * 4,
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8},
    )
    inside = np.abs(found.x) < LOG_BOUND
    if not np.isfinite(found.fun) or np.abs(found.jac[inside]).max(initial=0.0) > 1e-3:
        raise ArithmeticError("the likelihood has no optimum that could be found")
    return _model(kind, found.x), -float(found.fun) * float(total)


def usual(kind: Kind, histories: Histories) -> Model:
    """The usual shape, at the company's own rate of repeat orders per customer and week.

    One customer of the usual rate is counted in, so that a company without any repeat order has a rate too. Time
    after a customer dropped out counts as time without orders: the rate errs on the low side.
    """
    r, alpha, a, b = USUAL
    weeks = alpha / r + float((histories.customers * histories.age).sum())
    orders = 1 + float((histories.customers * histories.repeats).sum())
    return Model(kind, r, r * weeks / orders, a, b)


def log_likelihood(model: Model, histories: Histories) -> float:
    """How likely the histories are under the model."""
    return _log_likelihood(model, histories)[0]


def alive(model: Model, histories: Histories) -> Array:
    """Probability that a customer has not dropped out. Under BG/NBD 1 for everyone who ordered once."""
    stays, gone = _log_odds(model, histories)
    return expit(stays - gone)


def order_probability(model: Model, histories: Histories, weeks: float) -> Array:
    """Probability of at least one order in the next weeks: alive, and a waiting time (Pareto) of at most that long."""
    still = model.alpha + histories.age
    shape = model.r + histories.repeats
    return alive(model, histories) * -np.expm1(-shape * np.log1p(weeks / still))


def expected_orders(model: Model, histories: Histories, weeks: float) -> Array:
    """Orders expected in the next weeks, the mean over rate and chance to drop out p of (1 - exp(-rate p weeks)) / p.

    The mean over the rate is closed, the one over p a sum over 48 quantiles. It agrees with the closed form (Fader,
    Hardie, Lee 2005, equation 10) to 9 digits on CDNOW; that one needs a hypergeometric function, which scipy
    returns as nan where customers hardly ever drop out (b = 300) or order by the hundreds.
    """
    ratio = weeks / (model.alpha + histories.age)
    shape = model.r + histories.repeats
    chances, place = np.unique(_chances(model, histories), return_inverse=True)
    points, weights = np.polynomial.legendre.leggauss(48)
    points = (points + 1) / 2
    weights = weights * 15 * points**2 * (1 - points) ** 2  # fewer points are needed when they crowd at both ends
    points = points**3 * (10 - 15 * points + 6 * points**2)
    total = np.zeros_like(shape)
    for point, weight in zip(points, weights, strict=True):
        leaves = np.maximum(betaincinv(model.a, model.b + chances, point), 1e-12)[place]
        total += weight * -np.expm1(-shape * np.log1p(leaves * ratio)) / leaves
    return alive(model, histories) * total


def _model(kind: Kind, logs: Array) -> Model:
    r, alpha, a, b = np.exp(logs)
    return Model(kind, float(r), float(alpha), float(a), float(b))


def _chances(model: Model, histories: Histories) -> Array:
    """How often a customer could have dropped out."""
    return histories.repeats + (1 if model.kind == "mbg_nbd" else 0)


def _log_odds(model: Model, histories: Histories) -> tuple[Array, Array]:
    """Weights (logs) of the two tales: still a customer, or gone since the last order."""
    shape = model.r + histories.repeats
    chances = _chances(model, histories)
    could = chances > 0
    stays = np.log(np.where(could, model.b + chances - 1, 1)) - shape * np.log(model.alpha + histories.age)
    gone = np.where(could, np.log(model.a) - shape * np.log(model.alpha + histories.last), -np.inf)
    return stays, gone


def _log_likelihood(model: Model, histories: Histories) -> tuple[float, Array]:
    """The log-likelihood, and its gradient by the logs of r, alpha, a, b."""
    _, r, alpha, a, b = model
    repeats, last, age, customers = histories
    chances = _chances(model, histories)
    could = chances > 0
    past = np.where(could, chances - 1, 0)  # chances that were certainly passed by
    ever = np.where(could, chances, 0)
    stays, gone = _log_odds(model, histories)
    each = np.logaddexp(stays, gone)
    p = np.exp(stays - each)
    q = np.exp(gone - each)
    value = (
        gammaln(r + repeats) - gammaln(r) + r * np.log(alpha)
        + gammaln(b + past) - gammaln(b) + gammaln(a + b) - gammaln(a + b + ever)
        + each
    )  # fmt: skip
    together = psi(a + b) - psi(a + b + ever)
    slopes = (
        psi(r + repeats) - psi(r) + np.log(alpha) - p * np.log(alpha + age) - q * np.log(alpha + last),
        r / alpha - (r + repeats) * (p / (alpha + age) + q / (alpha + last)),
        together + q / a,
        together + psi(b + past) - psi(b) + np.where(could, p / (b + past), 0),
    )
    slope = np.array([(customers * s).sum() for s in slopes]) * np.array([r, alpha, a, b])
    return float((customers * value).sum()), slope
