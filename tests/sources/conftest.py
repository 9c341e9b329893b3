"""A company in a temporary folder whose sources can be loaded one by one."""

from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company, load_company
from cdp_platform.shared.home import Home
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse import engine
from cdp_platform.shared.warehouse.check import Outcome
from cdp_platform.sources import checks
from cdp_platform.sources.load import Loaded, load_source
from cdp_platform.sources.names import listed

MORNING = datetime(2011, 12, 10, 4)


@dataclass
class Bench:
    """One company: files to read, and an open warehouse to load them into. Every load is an hour after the last."""

    folder: Path
    con: DuckDBPyConnection
    loads: int = 0
    log: list[str] = field(default_factory=list)
    companies: dict[str, Company] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")

    def company(self, *sources: dict[str, Any]) -> Company:
        """The company with these sources, read from YAML like any other."""
        written = yaml.safe_dump(list(sources))
        if written in self.companies:
            return self.companies[written]
        place = self.folder / f"company_{len(self.companies)}"
        (place / "sources").mkdir(parents=True)
        settings = {"name": "Test", "files": str(self.files)}
        rooms = {"type": "cdp_platform.components.Sources", "attributes": {"sources": list(sources)}}
        (place / "company.yaml").write_text(yaml.safe_dump(settings))
        (place / "sources" / "defs.yaml").write_text(yaml.safe_dump(rooms))
        self.companies[written] = load_company(place)
        return self.companies[written]

    def load(self, source: dict[str, Any], *, full: bool = False) -> Loaded:
        """Load one source."""
        company = self.company(source)
        self.loads += 1
        now = MORNING + timedelta(hours=self.loads)
        step = Step(self.con, company, self.home, company.as_of(), now, full, self.log.append)
        return load_source(step, company.sources.sources[0])

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()

    def rows(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        return self.ask(f"select {listed(columns)} from raw.{name} order by all")

    def rejected(self, name: str) -> list[tuple[Any, ...]]:
        return self.ask(f"select file, line, text, reason from raw.{name}__rejected order by all")

    def everything(self, name: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Both tables as they stand, `_loaded_at` included."""
        return self.ask(f"from raw.{name} order by all"), self.ask(f"from raw.{name}__rejected order by all")

    def outcomes(self, source: dict[str, Any], loaded: Loaded) -> dict[str, Outcome]:
        """All checks of a source by name."""
        company = self.company(source)
        found = checks.run(self.con, company.sources.sources[0], loaded.refused)
        return {outcome.check.name: outcome for outcome in found}

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


@pytest.fixture
def make_bench(tmp_path: Path) -> Generator[Callable[[str], Bench]]:
    """Benches side by side, to compare two ways to the same end."""
    with ExitStack() as opened:

        def make(name: str) -> Bench:
            folder = tmp_path / name
            (folder / "files").mkdir(parents=True)
            return Bench(folder, opened.enter_context(engine.connect(Home(folder / "home"))))

        yield make


@pytest.fixture
def bench(make_bench: Callable[[str], Bench]) -> Bench:
    return make_bench("company")
