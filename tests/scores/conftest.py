"""A shop's timeline, and CDNOW's published orders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company, Settings, rooms
from cdp_platform.scores.buy_till_you_die import Histories
from cdp_platform.scores.config import ScoresConfig
from cdp_platform.shared.home import Home
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes, build
from cdp_platform.shared.warehouse.check import Check, run
from cdp_platform.shared.warehouse.table import Table
from tests.conftest import NOW, TODAY

Happening = tuple[str | None, datetime | date | str, str, float | None]
"""Customer, when, kind and amount."""


@pytest.fixture
def happen(con: DuckDBPyConnection) -> Callable[[Iterable[Happening]], None]:
    """Write the timeline, and the customers on it."""

    def write(happenings: Iterable[Happening]) -> None:
        rows = [(c, str(at), kind, amount) for c, at, kind, amount in happenings]
        schema = {"customer_id": pl.String, "said": pl.String, "kind": pl.String, "amount": pl.Float64}
        con.register("rows", pl.DataFrame(rows, schema=schema, orient="row"))
        con.execute("""
            create or replace table customers.timeline as
            select customer_id, said::timestamp as happened_at, kind, amount::decimal(18, 4) as amount from rows""")
        con.execute("""
            create or replace table customers.customers as
            select distinct customer_id from customers.timeline where customer_id is not null""")
        con.unregister("rows")

    return write


@pytest.fixture
def step(con: DuckDBPyConnection, here: Home) -> Callable[..., Step]:
    """A step as of a day, with the scores configured as said."""

    def make(as_of: date = TODAY, **scores: int) -> Step:
        configs: dict[str, Any] = {name: room.config() for name, room in rooms().items() if name != "scores"}
        company = Company(folder=Path(), settings=Settings(name="Shop"), scores=ScoresConfig(**scores), **configs)
        return Step(con, company, here, as_of=as_of, now=NOW, full=False, log=lambda _: None)

    return make


def build_and_check(
    step: Step, tables: Sequence[Table], make: Callable[[Step], Mapping[str, Notes] | None], checks: Sequence[Check]
) -> list[str]:
    """Build the tables as a run does; the names of the checks that fail."""
    names = [table.name for table in tables]
    build(step.con, names, inputs=["customers.timeline"], code="test", make=lambda: make(step), now=NOW, full=True)
    return [f"{o.check.table} {o.check.name}" for o in run(step.con, checks) if not o.passed]


@pytest.fixture(scope="session")
def cdnow() -> Path:
    """The folder of CDNOW's data within the package lifetimes, which stays unimported."""
    found = find_spec("lifetimes")
    if found is None or found.origin is None:
        pytest.skip("the package lifetimes, which holds CDNOW's orders, is not installed")
    return Path(found.origin).parent / "datasets"


@pytest.fixture(scope="session")
def cdnow_histories(cdnow: Path) -> Histories:
    """Its 2,357 customers after 39 weeks, as published."""
    rows = np.genfromtxt(cdnow / "cdnow_customers_summary.csv", delimiter=",", skip_header=1)
    return Histories(rows[:, 1], rows[:, 2], rows[:, 3], np.ones(len(rows)))


def cdnow_orders(folder: Path) -> list[Happening]:
    """Its orders of 78 weeks, as happenings."""
    lines = (folder / "CDNOW_sample.txt").read_text().splitlines()
    fields = [line.split() for line in lines if line.strip()]
    return [(number, datetime.strptime(day, "%Y%m%d").date(), "order", float(amount))  # noqa: DTZ007 days
            for _, number, day, _, amount in fields]  # fmt: skip
