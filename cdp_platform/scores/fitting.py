"""Fit both models on what happened before a day, or fall back on a usual shape where there is too little."""

import json
from typing import Generic, NamedTuple, TypeVar

from duckdb import DuckDBPyConnection

from cdp_platform.scores import buy_till_you_die, gamma_gamma
from cdp_platform.scores.buy_till_you_die import Model
from cdp_platform.scores.gamma_gamma import GammaGamma, Spending
from cdp_platform.scores.order_history import distinct_histories, distinct_spending, mean_order_value
from cdp_platform.shared.warehouse.build import fingerprint

FITTED = "fitted"

AnyModel = TypeVar("AnyModel", Model, GammaGamma)


class Fitted(NamedTuple, Generic[AnyModel]):
    """A model and how it came about."""

    kind: str
    model: AnyModel
    log_likelihood: float
    customers: int
    """Customers that it was fitted on."""
    note: str
    """`fitted`, or why the usual shape was taken."""

    @property
    def parameters(self) -> str:
        """The parameters as JSON."""
        return json.dumps({name: value for name, value in self.model._asdict().items() if name != "kind"})

    @property
    def version(self) -> str:
        """Short hash of the model's kind and parameters."""
        return fingerprint(self.kind, self.parameters)[:12]


class Models(NamedTuple):
    """What foretells a customer's orders, and what they are worth."""

    purchase: Fitted[Model]
    value: Fitted[GammaGamma]


def fit(con: DuckDBPyConnection, history: str, least_repeat_buyers: int) -> Models:
    """Both models, fitted on the history table. Never fails: a company of one customer gets the usual shape.

    Parameters are rounded to 6 significant digits before anything is computed with them: the last bits of an optimum
    depend on the machine.
    """
    return Models(_purchase(con, history, least_repeat_buyers), _value(con, history, least_repeat_buyers))


def _purchase(con: DuckDBPyConnection, history: str, least: int) -> Fitted[Model]:
    histories = distinct_histories(con, history)
    buyers = int(histories.customers[histories.repeats > 0].sum())
    note = FITTED
    try:
        _require(buyers, least)
        model, _ = buy_till_you_die.fit("mbg_nbd", histories)
    except ArithmeticError as error:
        model = buy_till_you_die.usual("mbg_nbd", histories)
        note = f"usual shape at the company's own order rate: {error}"
    model = Model(model.kind, *(_rounded(p) for p in model[1:]))
    likelihood = buy_till_you_die.log_likelihood(model, histories)
    return Fitted(model.kind, model, round(likelihood, 3), int(histories.customers.sum()), note)


def _value(con: DuckDBPyConnection, history: str, least: int) -> Fitted[GammaGamma]:
    spending = distinct_spending(con, history)
    repeated = spending.orders > 0
    repeats = Spending(*(column[repeated] for column in spending))
    buyers = int(repeats.customers.sum())
    note = FITTED
    try:
        _require(buyers, least)
        model, _ = gamma_gamma.fit(repeats)
    except ArithmeticError as error:
        model = gamma_gamma.usual(mean_order_value(con, history))
        note = f"usual shape around the company's own mean order value: {error}"
    model = GammaGamma(*(_rounded(p) for p in model))
    likelihood = gamma_gamma.log_likelihood(model, repeats)
    return Fitted("gamma_gamma", model, round(likelihood, 3), buyers, note)


def _require(buyers: int, least: int) -> None:
    if buyers < least:
        raise ArithmeticError(f"{buyers} repeat buyers, fewer than {least}")


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
