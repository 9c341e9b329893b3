"""A clean room to play in: raw tables by hand, meanings as a user would write them."""

import shutil
from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.clean import junk, macros
from cdp_platform.clean.checks import checks
from cdp_platform.clean.steps import STEPS
from cdp_platform.company import Company, Settings
from cdp_platform.customers.config import CustomersConfig
from cdp_platform.destinations.config import DestinationsConfig
from cdp_platform.identity.config import IdentityConfig
from cdp_platform.privacy.config import PrivacyConfig
from cdp_platform.quality.config import QualityConfig
from cdp_platform.scores.config import ScoresConfig
from cdp_platform.segments.config import SegmentsConfig
from cdp_platform.shared.home import Home, home
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse import check, engine
from cdp_platform.shared.warehouse.build import Built, build
from cdp_platform.sources.config import SourcesConfig

LOADED = datetime(2026, 6, 30, 4, 0)


def company(sources: Mapping[str, Mapping[str, Any]], **settings: Any) -> Company:
    """A company whose sources (name to meanings, and optionally `key`) are CSV files."""
    listed = [
        {
            "name": name,
            "kind": "csv",
            "path": f"{name}.csv",
            "key": means.get("key", []),
            "means": {entity: meaning for entity, meaning in means.items() if entity != "key"},
        }
        for name, means in sources.items()
    ]
    return Company(
        folder=Path(),
        settings=Settings(name="Test", **settings),
        sources=SourcesConfig.model_validate({"sources": listed}),
        identity=IdentityConfig(),
        customers=CustomersConfig(),
        scores=ScoresConfig(),
        segments=SegmentsConfig(),
        destinations=DestinationsConfig(),
        privacy=PrivacyConfig(),
        quality=QualityConfig(),
    )


class Room:
    """The clean room of one company on an open warehouse."""

    def __init__(self, con: DuckDBPyConnection, here: Home):
        self.con = con
        self.home = here
        self.company = company({})

    def raw(self, name: str, rows: Sequence[Mapping[str, Any]], **types: str) -> None:
        """Make raw.<name>: text columns, unless a type is given."""
        columns = list(dict.fromkeys(column for row in rows for column in row)) or list(types)
        listed = ", ".join(f'"{column}" {types.get(column, "varchar")}' for column in columns)
        self.con.execute(f'create or replace table raw."{name}" ({listed})')
        for row in rows:
            marks = ", ".join("?" for _ in columns)
            self.con.execute(f'insert into raw."{name}" values ({marks})', [row.get(column) for column in columns])
        self.con.execute(f"""
            create or replace table raw."{name}" as
            select *, timestamp '{LOADED}' as _loaded_at, 'file.csv' as _source_file, md5(t::varchar) as _row_hash
            from raw."{name}" t""")

    def clean(self, sources: Mapping[str, Mapping[str, Any]], only: Sequence[str] = (), **settings: Any) -> None:
        """Make what these sources have a say in, or only these steps; all else stays empty."""
        self.company = company(sources, **settings)
        for step in STEPS:
            concerned = any(self.company.sources.with_meaning(meaning) for meaning in step.meanings)
            if step.name in only or (concerned and not only):
                step.make(self._given(full=True))

    def build(self, sources: Mapping[str, Mapping[str, Any]], *, full: bool = False, **settings: Any) -> list[Built]:
        """Build every table as a run does, skipping what is up to date."""
        self.company = company(sources, **settings)
        given = self._given(full=full)
        built: list[Built] = []
        for step in STEPS:
            built += build(
                self.con,
                [table.name for table in step.tables],
                inputs=step.inputs(self.company),
                code=step.code(self.company),
                make=lambda step=step: step.make(given),
                now=LOADED,
                full=full,
            )
        return built

    def _given(self, *, full: bool) -> Step:
        return Step(
            con=self.con,
            company=self.company,
            home=self.home,
            as_of=LOADED.date(),
            now=LOADED,
            full=full,
            log=lambda text: None,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.con.execute(query).fetchall()

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        [row] = self.rows(query)
        return row

    def failing(self) -> list[str]:
        """Names of the checks that fail now."""
        return [
            outcome.check.name
            for step in STEPS
            for outcome in check.run(self.con, checks(self.company, step.tables))
            if not outcome.passed
        ]


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of a company without sources: copied, since making it takes longer than most tests."""
    place = home(tmp_path_factory.mktemp("empty")).create()
    with engine.connect(place) as con:
        Room(con, place).build({})
    return place.warehouse


@pytest.fixture
def room(here: Home, empty_warehouse: Path) -> Generator[Room]:
    """An empty room."""
    shutil.copy(empty_warehouse, here.warehouse)
    with engine.connect(here) as con:
        yield Room(con, here)


@pytest.fixture(scope="session")
def vocabulary() -> Generator[DuckDBPyConnection]:
    """A connection with the room's macros."""
    with duckdb.connect() as con:
        con.execute("set timezone='UTC'")
        macros.install(con)
        con.execute(junk.MACROS)
        yield con


@pytest.fixture(scope="session")
def say(vocabulary: DuckDBPyConnection) -> Callable[..., Any]:
    """Evaluate an SQL expression over `x`."""

    def evaluate(expression: str, x: Any) -> Any:
        [[value]] = vocabulary.execute(f"select {expression} from (select $1 as x)", [x]).fetchall()
        return value

    return evaluate
