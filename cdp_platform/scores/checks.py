"""What must hold of the scores. A probability that is none stops the run; a model that has become poor is a warning."""

from cdp_platform.scores.contract import MODELS, PURCHASE, RFM, VALUE
from cdp_platform.shared.warehouse.check import Check, references, unique, volume
from cdp_platform.shared.warehouse.table import Table

CALIBRATION_BAND = (0.6, 1.6)
"""Observed over foretold orders. Every model tried missed a Christmas quarter by a factor of 1.3: that is inside."""
LEAST_AREA_UNDER_CURVE = 0.6
LEAST_RANK_CORRELATION = 0.2
"""On real orders 0.57 over 90 days and 0.42 over 30."""
LEAST_BUYERS = 50
"""Fewer buyers out of time say nothing about a model."""


def rfm_checks() -> list[Check]:
    """Checks of scores.rfm."""
    return [
        *_of_customers(RFM, RFM),
        _none(
            RFM, "bands_are_fifths", "bands lie within 1 and 5", "least(recency, frequency_band, monetary_band) < 1 "
            "or greatest(recency, frequency_band, monetary_band) > 5",
        ),
        _none(
            RFM, "counts_are_positive", "the last order lies before the as-of day",
            "recency_days < 1 or frequency < 1",
        ),
    ]  # fmt: skip


def forecast_checks() -> list[Check]:
    """Checks of scores.purchase, scores.value and scores.models."""
    return [
        *_of_customers(PURCHASE, MODELS),
        _none(
            PURCHASE, "probabilities_are_probabilities", "probabilities lie within 0 and 1",
            "not (probability_30d between 0 and 1 and probability_60d between 0 and 1 "
            "and probability_90d between 0 and 1) or isnan(probability_90d)",
        ),
        _none(
            PURCHASE, "longer_is_likelier", "a longer horizon is not less likely",
            "probability_30d > probability_60d or probability_60d > probability_90d",
        ),
        _none(
            PURCHASE, "churn_is_the_complement", "churn_risk is 1 less probability_90d",
            "abs(churn_risk + probability_90d - 1) > 1e-9",
        ),
        *_of_customers(VALUE, MODELS),
        _none(
            VALUE, "values_are_amounts", "expected orders and values are finite and not negative",
            "not (isfinite(expected_value_365d) and expected_orders_365d >= 0 and expected_order_value >= 0)",
        ),
        _ranks_are_complete(),
        unique(MODELS.name, *MODELS.key),
        _complete(MODELS),
        *_model_checks(),
    ]  # fmt: skip


def _of_customers(table: Table, dated: Table) -> list[Check]:
    """One row per customer who ordered before the as-of day (told by the second table), and nobody else."""
    return [
        unique(table.name, *table.key),
        references(table.name, "customer_id", "customers.customers", "customer_id"),
        Check(
            table.name, "covers_who_ordered", "everyone who ordered has a score, and nobody else", blocking=True,
            violations=f"""
                with ordered as (
                    select distinct customer_id from customers.timeline
                    where kind = 'order' and customer_id is not null
                        and happened_at < (select max(as_of) from {dated.name}))
                select count(*) from ordered o full join {table.name} t using (customer_id)
                where o.customer_id is null or t.customer_id is null""",
        ),
        _complete(table),
        volume(table.name),
    ]  # fmt: skip


def _complete(table: Table) -> Check:
    return _none(table, "nothing_is_missing", "no value is null", " or ".join(f"{c} is null" for c in table.columns))


def _none(table: Table, name: str, about: str, wrong: str) -> Check:
    """No row for which the condition holds."""
    return Check(table.name, name, about, f"select count(*) from {table.name} where {wrong}", blocking=True)


def _ranks_are_complete() -> Check:
    return Check(
        VALUE.name, "ranks_are_complete", "ranks are 1, 2, 3, … by expected value", blocking=True,
        violations="""
            with next as (
                select expected_value_365d, rank, lead(rank) over (order by rank) as next_rank,
                    lead(expected_value_365d) over (order by rank) as next_value
                from scores.value)
            select (select count(*) from next where next_rank <> rank + 1 or next_value > expected_value_365d)
                 + (select coalesce(abs(min(rank) - 1), 0) from scores.value)""",
    )  # fmt: skip


def _model_checks() -> list[Check]:
    """Warnings about models that have become poor, by their figures out of time.

    The sum of expected values is not judged: on real orders it came out 39 % too low while its ranking held.
    """
    low, high = CALIBRATION_BAND
    return [
        Check(
            MODELS.name, "level_is_right", severity="WARN",
            about=f"observed over foretold buyers lies within {low:g} and {high:g}, out of time",
            violations=_judged("purchase", "observed_to_predicted", f"figure not between {low} and {high}"),
        ),
        Check(
            MODELS.name, "buyers_stand_out", severity="WARN",
            about=f"area under the curve of the probability to order is at least {LEAST_AREA_UNDER_CURVE:g}",
            violations=_judged("purchase", "area_under_curve", f"figure < {LEAST_AREA_UNDER_CURVE}"),
        ),
        Check(
            MODELS.name, "value_ranks_well", severity="WARN",
            about=f"rank correlation of expected and observed value is at least {LEAST_RANK_CORRELATION:g}",
            violations=_judged("value", "rank_correlation", f"figure < {LEAST_RANK_CORRELATION}"),
        ),
    ]  # fmt: skip


def _judged(score: str, figure: str, wrong: str) -> str:
    """Count 1 when a figure is wrong and enough customers bought, or were expected to, for it to say anything."""
    return f"""
        with purchase as (
            select (figures->>'$.customers')::double as customers, (figures->>'$.observed_share')::double as observed,
                (figures->>'$.predicted_share')::double as predicted
            from scores.models where score = 'purchase'),
        enough as (
            select coalesce(bool_or(customers * greatest(observed, predicted) >= {LEAST_BUYERS}), false) as enough
            from purchase),
        judged as (
            select (figures->>'$.{figure}')::double as figure from scores.models where score = '{score}')
        select count(*) filter (enough and {wrong}),
            max(case when not enough then 'too few buyers out of time to tell'
                else '{figure.replace("_", " ")} ' || coalesce(round(figure, 2)::varchar, 'not defined') end)
        from judged, enough"""
