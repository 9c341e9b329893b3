"""What every test may use."""

import os

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
os.environ["DO_NOT_TRACK"] = "1"

from collections.abc import Generator
from datetime import date, datetime
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.shared.home import PROJECT, Home, home
from cdp_platform.shared.warehouse import engine

NOW = datetime(2026, 6, 30, 4, 0)
TODAY = date(2026, 6, 30)
REAL_COMPANY = Path(os.environ.get("REAL_COMPANY_DIR") or PROJECT.parent / "shared" / "data" / "real_company")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home of its own."""
    monkeypatch.setenv("CDP_HOME", str(tmp_path / "home"))
    return home().create()


@pytest.fixture
def con(here: Home) -> Generator[DuckDBPyConnection]:
    """The open warehouse of an empty home."""
    with engine.connect(here) as connection:
        yield connection


@pytest.fixture(scope="session")
def real_company() -> Path:
    """The folder of the real company's files; skips where it is missing."""
    if not REAL_COMPANY.is_dir():
        pytest.skip(f"the real company's files are not in {REAL_COMPANY}: set REAL_COMPANY_DIR")
    return REAL_COMPANY
