"""The command line as a user starts it: its own process, its own home, nothing of the tester's environment."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from cdp_platform.shared.home import PROJECT, Home
from cdp_platform.shared.warehouse import engine

CDP = Path(sys.executable).with_name("cdp")
WIDE = "220"
"""Columns of the terminal that the command believes in, so that no sentence is broken over two lines."""


class Demo(NamedTuple):
    """A demo company's exports and a home in which they were run."""

    files: Path
    home: Home
    exit_code: int
    said: str
    """Standard output and standard error."""


def cdp(*arguments: str, **environment: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `cdp …` to its end. The environment's CDP_ and DAGSTER_ variables are those given here and no others."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CDP_", "DAGSTER_"))}
    return subprocess.run(
        [CDP, *arguments],
        env=inherited | {"COLUMNS": WIDE} | {name: str(value) for name, value in environment.items()},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=600,
    )


def run_demo(files: Path, home: Home, *arguments: str) -> Demo:
    """`cdp run` of the demo company over these exports."""
    done = cdp("run", "--home", str(home.folder), *arguments, CDP_DEMO_DIR=files)
    return Demo(files, home, done.returncode, done.stdout + done.stderr)


def rows(home: Home, sql: str) -> list[tuple[Any, ...]]:
    """What the published snapshot answers."""
    with engine.read(home) as con:
        return con.execute(sql).fetchall()


def one(home: Home, sql: str) -> Any:
    """The only value of the answer."""
    [[value]] = rows(home, sql)
    return value


def built(home: Home, sql: str) -> list[tuple[Any, ...]]:
    """What the warehouse answers, published or not."""
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return con.execute(sql).fetchall()


def versions(home: Home) -> dict[str, str]:
    """The version of every table of the snapshot: a hash of its content."""
    return dict(rows(home, "select table_name, version from platform.tables"))
