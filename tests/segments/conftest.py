"""A company of a few customers whose happenings a person can follow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company, load_company
from cdp_platform.segments.config import SegmentsConfig
from cdp_platform.shared.home import Home
from cdp_platform.shared.step import Step
from tests.segments import small_company

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 6, day) for day in (1, 2, 3, 4))


@pytest.fixture
def company(tmp_path: Path) -> Callable[..., Company]:
    """Loads a company whose segments are the given definitions: name to condition."""
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "company.yaml").write_text("name: Test\nas_of: 2026-06-30\n")
    (folder / "privacy").mkdir()
    purposes = "attributes: {purposes: [{name: email_marketing}]}\n"
    (folder / "privacy" / "defs.yaml").write_text(f"type: cdp_platform.components.Privacy\n{purposes}")
    load_company.cache_clear()
    base = load_company(folder)

    def of(**definitions: Any) -> Company:
        segments = [{"name": name, "where": where} for name, where in definitions.items()]
        return replace(base, segments=SegmentsConfig.model_validate({"segments": segments}))

    return of


@pytest.fixture
def shop(con: DuckDBPyConnection) -> DuckDBPyConnection:
    """The warehouse with the empty tables that segments read."""
    small_company.create(con.execute, "?", {})
    con.execute("drop table segments.memberships")
    return con


def step(con: DuckDBPyConnection, here: Home, company: Company, day: date, *, full: bool = False) -> Step:
    """One step as of a day."""
    now = datetime(2026, 7, 1)
    return Step(con=con, company=company, home=here, as_of=day, now=now, full=full, log=lambda _: None)
