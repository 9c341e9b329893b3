"""An identity room to play in: people records by hand, the whole room run over them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company, Settings
from cdp_platform.customers.config import CustomersConfig
from cdp_platform.destinations.config import DestinationsConfig
from cdp_platform.identity.config import IdentityConfig
from cdp_platform.identity.customer_ids import make_customer_ids
from cdp_platform.identity.link import make_clusters, make_edges, make_records
from cdp_platform.identity.workbench import INPUT_COLUMNS
from cdp_platform.privacy.config import PrivacyConfig
from cdp_platform.quality.config import QualityConfig
from cdp_platform.scores.config import ScoresConfig
from cdp_platform.segments.config import SegmentsConfig
from cdp_platform.shared.home import Home
from cdp_platform.shared.step import Step
from cdp_platform.sources.config import SourcesConfig

COLUMNS = ("record_key", "source", "record_id", "origin", *INPUT_COLUMNS[1:])
Record = Mapping[str, Any]


def company(**identity: Any) -> Company:
    """A company with these identity settings and nothing else."""
    return Company(
        folder=Path(),
        settings=Settings(name="Test"),
        sources=SourcesConfig(),
        identity=IdentityConfig.model_validate(identity),
        customers=CustomersConfig(),
        scores=ScoresConfig(),
        segments=SegmentsConfig(),
        destinations=DestinationsConfig(),
        privacy=PrivacyConfig(),
        quality=QualityConfig(),
    )


class Room:
    """The identity room on an open warehouse."""

    def __init__(self, con: DuckDBPyConnection, place: Home, **identity: Any) -> None:
        self.con = con
        self.place = place
        self.company = company(**identity)

    def records(self, rows: Sequence[Record]) -> None:
        """Make clean.records. `key` is source:record_id; every column that is not named is empty."""
        full = [
            dict.fromkeys(COLUMNS)
            | {"record_key": r["key"], "source": r["key"].split(":")[0], "record_id": r["key"].split(":")[1]}
            | {"origin": "source"}
            | {k: v for k, v in r.items() if k != "key"}
            for r in rows
        ]
        types = {c: pl.Date if c == "birth_date" else pl.String for c in COLUMNS}
        frame = pl.DataFrame(full, schema=types)
        self.con.register("made", frame.to_arrow())
        self.con.execute("create or replace table clean.records as from made")
        self.con.unregister("made")

    def step(self, day: date = date(2026, 6, 30)) -> Step:
        return Step(
            con=self.con, company=self.company, home=self.place, as_of=day,
            now=datetime(day.year, day.month, day.day, 4), full=True, log=lambda _: None,
        )  # fmt: skip

    def run(self, day: date = date(2026, 6, 30)) -> None:
        """Every step of the room."""
        for make in (make_records, make_edges, make_clusters, make_customer_ids):
            make(self.step(day))

    def ids(self) -> dict[str, str]:
        """Customer id by record key."""
        return dict(self.con.execute("select record_key, customer_id from identity.customer_ids").fetchall())

    def groups(self) -> set[frozenset[str]]:
        """The record keys of each customer."""
        found: dict[str, set[str]] = {}
        for key, customer in self.ids().items():
            found.setdefault(customer, set()).add(key)
        return {frozenset(keys) for keys in found.values()}

    def together(self, *keys: str) -> bool:
        """Whether all these records are one customer."""
        ids = self.ids()
        return len({ids[key] for key in keys}) == 1


@pytest.fixture
def room(con: DuckDBPyConnection, here: Home) -> Room:
    """The room with default settings."""
    return Room(con, here)


@pytest.fixture
def room_with(con: DuckDBPyConnection, here: Home) -> Callable[..., Room]:
    """A room with other settings."""
    return lambda **identity: Room(con, here, **identity)
