"""The scores on real orders: quality out of time on Online Retail II, and the seconds that a million customers take.

    RETAIL_DIR=../shared/data/retail python benchmarks/scores_retail.py

Fitted as of 2011-09-09 and judged on the 90 days after. Data: Chen, D. (2019), Online Retail II, UCI Machine Learning
Repository, CC BY 4.0. The bars are what the model reached when it was chosen, with a little room.
"""

import os
import resource
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company, Settings, rooms
from cdp_platform.scores.config import ScoresConfig
from cdp_platform.scores.forecast import forecast
from cdp_platform.scores.out_of_time import out_of_time
from cdp_platform.scores.rfm import rfm
from cdp_platform.shared.home import PROJECT, Home
from cdp_platform.shared.step import Step

FOLDER = Path(os.environ.get("RETAIL_DIR") or PROJECT.parent / "shared" / "data" / "retail")
CUT, DAYS = date(2011, 9, 9), 90
LEAST = {"area_under_curve": 0.79, "lift_top_tenth": 2.05}
MOST = {"brier": 0.19, "calibration_error": 0.09}
COPIES = 171
"""5,879 customers times 171: a little over a million."""
SECONDS = 60


def orders(con: DuckDBPyConnection, copies: int) -> None:
    """The shop's orders as a timeline, every customer so many times, each copy moved up to 88 days into the past."""
    con.execute("create schema if not exists customers; create schema if not exists scores")
    con.execute(f"""
        create or replace table customers.timeline as
        with invoices as (
            select customer_id, min(ts) as happened_at, sum(quantity * price)::decimal(18, 4) as amount
            from '{FOLDER / "online_retail_ii_lines.parquet"}'
            where customer_id is not null and quantity > 0 and price > 0
            group by customer_id, invoice)
        select customer_id || '-' || copy as customer_id, 'order' as kind, amount,
            happened_at - to_days((copy * 37 % 89)::integer) as happened_at
        from invoices, range({copies}) copies(copy)""")


def company_step(con: DuckDBPyConnection, as_of: date) -> Step:
    configs: dict[str, Any] = {name: room.config() for name, room in rooms().items()}
    company = Company(folder=Path(), settings=Settings(name="Online Retail II"), **configs)
    midnight = datetime.combine(as_of, datetime.min.time())
    return Step(con, company, Home(Path()), as_of=as_of, now=midnight, full=True, log=print)


def quality() -> int:
    """Print each figure against its bar; how many missed it."""
    con = duckdb.connect()
    orders(con, copies=1)
    found = out_of_time(con, CUT + timedelta(days=DAYS), DAYS, ScoresConfig().least_repeat_buyers)
    assert found is not None
    missed = 0
    for name, bar in (LEAST | MOST).items():
        good = found.purchase[name] >= bar if name in LEAST else found.purchase[name] <= bar
        word = "at least" if name in LEAST else "at most"
        print(f"order within {DAYS} days, {name.replace('_', ' ')}: {found.purchase[name]:.4f} "
              f"(bar {word} {bar}): {'ok' if good else 'MISSED'}")  # fmt: skip
        missed += not good
    for name in ("customers", "observed_share", "predicted_share", "observed_to_predicted"):
        print(f"order within {DAYS} days, {name.replace('_', ' ')}: {found.purchase[name]:,}")
    for name in ("observed_to_predicted", "rank_correlation", "top_tenth_share_of_value"):
        print(f"value of {DAYS} days, {name.replace('_', ' ')}: {found.value[name]}")
    return missed


def speed() -> int:
    """Print the seconds of the whole room on a million customers; 1 when it is too slow."""
    con = duckdb.connect()
    orders(con, copies=COPIES)
    step = company_step(con, CUT + timedelta(days=DAYS))
    start = time.perf_counter()
    rfm(step)
    middle = time.perf_counter()
    forecast(step)
    end = time.perf_counter()
    [[customers]] = con.execute("select count(*) from scores.purchase").fetchall()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    good = end - start <= SECONDS
    print(f"{customers:,} customers: rfm {middle - start:.1f} s, purchase, value and both models fitted twice "
          f"{end - middle:.1f} s, peak {peak:,.0f} MB (bar {SECONDS} s): {'ok' if good else 'MISSED'}")  # fmt: skip
    return 0 if good else 1


def main() -> int:
    if not (FOLDER / "online_retail_ii_lines.parquet").is_file():
        print(f"skipped: online_retail_ii_lines.parquet is not in {FOLDER}: set RETAIL_DIR")
        return 0
    return 1 if quality() + speed() else 0


if __name__ == "__main__":
    sys.exit(main())
