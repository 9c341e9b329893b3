"""What the models expect of every customer, beside the history that they expect it from."""

from collections.abc import Sequence

import polars as pl
from duckdb import DuckDBPyConnection

from cdp_platform.scores.buy_till_you_die import expected_orders, order_probability
from cdp_platform.scores.fitting import Models
from cdp_platform.scores.gamma_gamma import expected_order_value
from cdp_platform.scores.order_history import DAYS_PER_WEEK, distinct_histories, distinct_spending

DECIMALS = 6


def expectations(
    con: DuckDBPyConnection, table: str, history: str, models: Models, probability_days: Sequence[int], order_days: int
) -> None:
    """Create the temporary table: the history table's columns, probability_<n>d, expected_orders and
    expected_order_value.

    Python computes each distinct history once; the warehouse hands the results to the customers.
    """
    con.register("foretold", _foretold(con, history, models, probability_days, order_days))
    con.register("worth", _worth(con, history, models))
    probabilities = ", ".join(f"f.probability_{days}d" for days in probability_days)
    con.execute(f"""
        create or replace temp table {table} as
        select h.*, {probabilities}, f.expected_orders, w.expected_order_value
        from {history} h
        join foretold f using (order_days, last_days, age_days)
        join worth w using (valued_repeats, mean_value)""")
    con.unregister("foretold")
    con.unregister("worth")


def _foretold(
    con: DuckDBPyConnection, history: str, models: Models, probability_days: Sequence[int], order_days: int
) -> pl.DataFrame:
    histories = distinct_histories(con, history)
    model = models.purchase.model
    columns = {
        "order_days": (histories.repeats + 1).round().astype("int64"),
        "last_days": (histories.last * DAYS_PER_WEEK).round().astype("int64"),
        "age_days": (histories.age * DAYS_PER_WEEK).round().astype("int64"),
        "expected_orders": expected_orders(model, histories, order_days / DAYS_PER_WEEK).round(DECIMALS),
    }
    for days in probability_days:
        columns[f"probability_{days}d"] = order_probability(model, histories, days / DAYS_PER_WEEK).round(DECIMALS)
    return pl.DataFrame(columns)


def _worth(con: DuckDBPyConnection, history: str, models: Models) -> pl.DataFrame:
    spending = distinct_spending(con, history)
    return pl.DataFrame(
        {
            "valued_repeats": spending.orders.astype("int64"),
            "mean_value": spending.mean,
            "expected_order_value": expected_order_value(models.value.model, spending).round(DECIMALS),
        }
    )
