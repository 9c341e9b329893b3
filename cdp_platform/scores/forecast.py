"""What customers will do: fit the models, score everyone, judge the models, and write down their cards."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from cdp_platform.scores.expectations import expectations
from cdp_platform.scores.fitting import Models, fit
from cdp_platform.scores.order_history import order_history
from cdp_platform.scores.out_of_time import Figures, Quality, out_of_time
from cdp_platform.scores.purchase import HORIZONS, bands_table, purchase
from cdp_platform.scores.value import HORIZON, value
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes

CARD = {
    "score": pl.String,
    "model": pl.String,
    "model_version": pl.String,
    "as_of": pl.Date,
    "parameters": pl.String,
    "log_likelihood": pl.Float64,
    "customers": pl.Int64,
    "figures": pl.String,
}
"""Columns of scores.models."""


def forecast(step: Step) -> dict[str, Notes]:
    """Create scores.purchase, scores.value and scores.models as of the step's day."""
    con, config = step.con, step.company.scores
    order_history(con, "history", step.as_of)
    models = fit(con, "history", config.least_repeat_buyers)
    step.log(f"purchase and value models on {models.purchase.customers:,} customers: {models.purchase.note}")
    expectations(con, "expected", "history", models, HORIZONS, HORIZON)
    purchase(step, "expected", models.purchase.version)
    value(step, "expected", models.value.version)
    quality = out_of_time(con, step.as_of, config.calibration_days, config.least_repeat_buyers)
    figures = _figures(models, quality)
    _cards(step, models, figures)
    return {
        "scores.purchase": {
            **_shown(figures["purchase"]),
            "bands": bands_table(con),
            "calibration": quality.calibration if quality else "nobody had ordered so long ago",
        },
        "scores.value": _shown(figures["value"]),
    }


def _figures(models: Models, quality: Quality | None) -> dict[str, Figures]:
    """Figures per score: how the model came about, and its quality out of time where there is enough past."""
    return {
        "purchase": {"fit": models.purchase.note, **(quality.purchase if quality else {})},
        "value": {"fit": models.value.note, **(quality.value if quality else {})},
    }


def _cards(step: Step, models: Models, figures: Mapping[str, Figures]) -> None:
    rows = [
        (
            score,
            fitted.kind,
            fitted.version,
            step.as_of,
            fitted.parameters,
            fitted.log_likelihood,
            fitted.customers,
            json.dumps(figures[score]),
        )
        for score, fitted in (("purchase", models.purchase), ("value", models.value))
    ]
    step.con.register("cards", pl.DataFrame(rows, schema=CARD, orient="row"))
    step.con.execute("create or replace table scores.models as from cards order by score")
    step.con.unregister("cards")


def _shown(figures: Figures) -> dict[str, Any]:
    """Figures for people: those that are not defined are left out."""
    return {name: figure for name, figure in figures.items() if figure is not None}
