"""What the scores know of each customer: order days and their values, as of a day.

Two orders on one day count as one: they are one decision to buy. Days are UTC days.
"""

from datetime import date

import numpy as np
from duckdb import DuckDBPyConnection

from cdp_platform.scores.buy_till_you_die import Histories
from cdp_platform.scores.gamma_gamma import Spending

DAYS_PER_WEEK = 7


def order_history(con: DuckDBPyConnection, table: str, until: date) -> None:
    """Create the temporary table with one row per customer who ordered before midnight of `until`.

    Columns: customer_id, order_days, last_days and age_days (from the first order day to the last one and to `until`),
    ordered_value, and valued_repeats and mean_value: how many later order days have a positive value, and their mean.
    """
    con.execute(f"""
        create or replace temp table {table} as
        with order_days as (
            select customer_id, happened_at::date as day, coalesce(sum(amount::decimal(18, 4)), 0) as value
            from customers.timeline
            where kind = 'order' and customer_id is not null and happened_at < timestamp '{until}'
            group by all),
        dated as (
            select *, min(day) over (partition by customer_id) as first_day,
                day > first_day and value > 0 as repeated
            from order_days)
        select customer_id,
            count(*) as order_days,
            date_diff('day', min(day), max(day)) as last_days,
            date_diff('day', min(day), date '{until}') as age_days,
            sum(value) as ordered_value,
            count(*) filter (repeated) as valued_repeats,
            coalesce((sum(value) filter (repeated))::double / nullif(valued_repeats, 0), 0) as mean_value
        from dated
        group by customer_id""")


def distinct_histories(con: DuckDBPyConnection, table: str) -> Histories:
    """The distinct order histories, in order: 1,000,000 customers are a few hundred thousand of them, or fewer."""
    frame = con.sql(f"""
        select order_days, last_days, age_days, count(*) as customers
        from {table} group by all order by all""").pl()
    days = {name: frame[name].to_numpy().astype(np.float64) for name in frame.columns}
    return Histories(
        repeats=days["order_days"] - 1,
        last=days["last_days"] / DAYS_PER_WEEK,
        age=days["age_days"] / DAYS_PER_WEEK,
        customers=days["customers"],
    )


def distinct_spending(con: DuckDBPyConnection, table: str) -> Spending:
    """The distinct mean values of repeat orders, in order; (0, 0) stands for customers without any."""
    frame = con.sql(f"""
        select valued_repeats, mean_value, count(*) as customers
        from {table} group by all order by all""").pl()
    return Spending(*(frame[name].to_numpy().astype(np.float64) for name in frame.columns))


def mean_order_value(con: DuckDBPyConnection, table: str) -> float:
    """Mean value of an order day, first ones included; 0 without orders."""
    [[mean]] = con.execute(f"select sum(ordered_value)::double / nullif(sum(order_days), 0) from {table}").fetchall()
    return max(float(mean or 0), 0.0)
