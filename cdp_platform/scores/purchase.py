"""Probability to order within 30, 60 and 90 days, and churn risk as its complement."""

from duckdb import DuckDBPyConnection

from cdp_platform.scores.bands import band
from cdp_platform.scores.expectations import DECIMALS
from cdp_platform.shared.step import Step

HORIZONS = (30, 60, 90)
"""Days; columns of the table contract are named after them."""

HISTORY_IN_WORDS = """
    format('{} order {}, the last {} {} ago', order_days, if(order_days = 1, 'day', 'days'),
        age_days - last_days, if(age_days - last_days = 1, 'day', 'days'))
    || case when order_days > 1
        then format(', usual gap {} {}', usual_gap, if(usual_gap = 1, 'day', 'days')) else '' end"""
"""SQL over columns of an order history and usual_gap: what the models saw, as a sentence."""

USUAL_GAP = "greatest(1, round(last_days / nullif(order_days - 1, 0)))::bigint"
"""SQL: days between order days, on average."""


def purchase(step: Step, expected: str, version: str) -> None:
    """Create scores.purchase from the expectations of every customer (a temporary table)."""
    step.con.execute(f"""
        create or replace table scores.purchase as
        with banded as (
            select *, {USUAL_GAP} as usual_gap, {band("probability_90d", 3)} as third from {expected})
        select customer_id, probability_30d, probability_60d, probability_90d,
            round(1 - probability_90d, {DECIMALS}) as churn_risk,
            ['low', 'middle', 'high'][third] as band,
            date '{step.as_of}' as as_of, '{version}' as model_version,
            {HISTORY_IN_WORDS} as reasons
        from banded
        order by customer_id""")


def bands_table(con: DuckDBPyConnection) -> str:
    """Customers and mean probability per band, as Markdown."""
    rows = con.execute("""
        select band, count(*), sum(probability_90d::decimal(18, 6))::double / count(*)
        from scores.purchase group by band order by 3 desc, 1""").fetchall()
    lines = [f"| {band} | {customers:,} | {probability:.1%} |" for band, customers, probability in rows]
    return "\n".join(["| band | customers | order within 90 days |", "|---|---:|---:|", *lines])
