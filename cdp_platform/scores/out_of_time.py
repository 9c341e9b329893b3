"""Quality out of time: fit on what was known some weeks ago, foretell the time since, compare with what happened."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from duckdb import DuckDBPyConnection

from cdp_platform.scores import accuracy
from cdp_platform.scores.accuracy import Outcomes
from cdp_platform.scores.expectations import expectations
from cdp_platform.scores.fitting import Models, fit
from cdp_platform.scores.order_history import order_history

Figures = dict[str, Any]


class Quality(NamedTuple):
    """Figures per score, and a calibration table as Markdown."""

    purchase: Figures
    value: Figures
    calibration: str


def out_of_time(con: DuckDBPyConnection, as_of: date, days: int, least_repeat_buyers: int) -> Quality | None:
    """Fit as of `days` before `as_of` and judge. None when nobody had ordered by then."""
    cut = as_of - timedelta(days=days)
    order_history(con, "history_then", cut)
    [[customers]] = con.execute("select count(*) from history_then").fetchall()
    if not customers:
        return None
    models = fit(con, "history_then", least_repeat_buyers)
    expectations(con, "expected_then", "history_then", models, (days,), days)
    _what_happened(con, cut, as_of, days)
    outcomes = _outcomes(con)
    window = {"fitted_as_of": str(cut), "horizon_days": days, "customers": customers}
    return Quality(
        purchase={**window, **purchase_figures(outcomes), "fit_then": models.purchase.note},
        value={**window, **_value_figures(con, models)},
        calibration=accuracy.calibration_table(outcomes),
    )


def purchase_figures(outcomes: Outcomes) -> Figures:
    """The figures of a probability to order; null where they are not defined."""
    customers = float(outcomes.customers.sum())
    buyers = float(outcomes.buyers.sum())
    predicted = float((outcomes.probability * outcomes.customers).sum())
    return {
        "buyers": int(buyers),
        "observed_share": _rounded(buyers / customers),
        "predicted_share": _rounded(predicted / customers),
        "observed_to_predicted": _rounded(buyers / predicted if predicted else None),
        "area_under_curve": _rounded(accuracy.area_under_curve(outcomes)),
        "brier": _rounded(accuracy.brier(outcomes)),
        "calibration_error": _rounded(accuracy.calibration_error(outcomes)),
        "lift_top_tenth": _rounded(accuracy.lift(outcomes)),
    }


def _what_happened(con: DuckDBPyConnection, cut: date, as_of: date, days: int) -> None:
    """Create the temporary table of everyone judged: foretold, and done since."""
    con.execute(f"""
        create or replace temp table judged as
        with since as (
            select customer_id, sum(amount::decimal(18, 4)) as spent
            from customers.timeline
            where kind = 'order' and happened_at >= timestamp '{cut}' and happened_at < timestamp '{as_of}'
            group by customer_id)
        select e.customer_id, e.probability_{days}d as probability, s.customer_id is not null as ordered,
            e.expected_orders * e.expected_order_value as expected_value, coalesce(s.spent, 0)::double as spent
        from expected_then e left join since s using (customer_id)""")


def _outcomes(con: DuckDBPyConnection) -> Outcomes:
    frame = con.sql("""
        select probability, count(*) as customers, count(*) filter (ordered) as buyers
        from judged group by probability order by probability""").pl()
    return Outcomes(*(frame[name].to_numpy().astype(np.float64) for name in frame.columns))


def _value_figures(con: DuckDBPyConnection, models: Models) -> Figures:
    """Whether the ranking held, and by which factor the sum was off."""
    frame = con.sql("select expected_value, spent from judged order by expected_value desc, customer_id").pl()
    expected, spent = (frame[name].to_numpy() for name in frame.columns)
    top = -(-len(frame) // 10)
    ranks = [frame[name].rank("average").to_numpy() for name in frame.columns]
    varies = all(r.min() < r.max() for r in ranks)
    return {
        "observed_value": round(float(spent.sum()), 2),
        "predicted_value": round(float(expected.sum()), 2),
        "observed_to_predicted": _rounded(float(spent.sum() / expected.sum()) if expected.sum() > 0 else None),
        "rank_correlation": _rounded(float(np.corrcoef(*ranks)[0, 1]) if varies else None),
        "top_tenth_share_of_value": _rounded(float(spent[:top].sum() / spent.sum()) if spent.sum() > 0 else None),
        "fit_then": models.value.note,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
