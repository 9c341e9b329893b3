"""Expected value of the next 365 days, as rank and band.

Right in its order, not to the penny: on real orders the ranking kept 69 % of the spend in the top tenth, while the sum
came out 39 % too low before Christmas. `scores.models` holds the company's own figures.
"""

from cdp_platform.scores.expectations import DECIMALS
from cdp_platform.scores.purchase import HISTORY_IN_WORDS, USUAL_GAP
from cdp_platform.shared.step import Step

HORIZON = 365
"""Days; columns of the table contract are named after it."""

BANDS = {"top 5 %": 5, "next 15 %": 20, "next 30 %": 50}
"""Band to the percentage of customers who rank in it or above; all others are the rest."""


def value(step: Step, expected: str, version: str) -> None:
    """Create scores.value from the expectations of every customer (a temporary table)."""
    # whole numbers: 5 * 20 // 100 customers are in the top 5 % of 20, and always at least one is
    bands = " ".join(
        f"when rank <= (count(*) over () * {percent} + 99) // 100 then '{name}'" for name, percent in BANDS.items()
    )
    step.con.execute(f"""
        create or replace table scores.value as
        with valued as (
            select *, round(expected_orders * expected_order_value, {DECIMALS}) as expected_value,
                {USUAL_GAP} as usual_gap
            from {expected}),
        ranked as (
            select *, row_number() over (order by expected_value desc, customer_id) as rank from valued)
        select customer_id, expected_orders as expected_orders_365d, expected_order_value,
            expected_value as expected_value_365d, rank,
            case {bands} else 'rest' end as band,
            date '{step.as_of}' as as_of, '{version}' as model_version,
            {HISTORY_IN_WORDS}
            || case when valued_repeats > 0 then format('; {{:.2f}} per repeat order', mean_value)
                else '; no repeat order with a value yet' end as reasons
        from ranked
        order by customer_id""")
