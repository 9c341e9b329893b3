"""dbt in this process: a build call costs 0.5-1.2 s this way, as a process of its own 6 s before any SQL."""

import os
import re
from collections.abc import Callable, Generator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

from cdp_platform.shared.home import Home
from cdp_platform.shared.warehouse import engine

QUIET = [
    "--quiet", "--log-level", "none", "--log-level-file", "none", "--no-version-check",
    "--no-send-anonymous-usage-stats", "--no-use-colors",
]  # fmt: skip


class DbtError(Exception):
    """dbt could not do what it was asked to; the message holds no values of rows."""


def invoke(
    arguments: Sequence[str],
    *,
    project: Path,
    home: Home,
    target: Path,
    parsed: Path | None = None,
    finished: Callable[[str], None] | None = None,
) -> Any:
    """Run one dbt command and return its result. `finished` is told the unique id of each node as it ends.

    `parsed` is a partial_parse.msgpack to start from. The warehouse must not be open in this process or any other.
    A failed model or test is a result; raises DbtError when there is none.
    """
    from dbt.cli.main import dbtRunner  # 0.8 s, which a run that has nothing to build does without
    from dbt.contracts.graph.manifest import Manifest

    def listen(event: Any) -> None:
        if finished and event.info.name == "NodeFinished":
            finished(event.data.node_info.unique_id)

    manifest = Manifest.from_msgpack(parsed.read_bytes()) if parsed else None
    if manifest:
        manifest.build_flat_graph()
    places = ["--project-dir", project, "--profiles-dir", project, "--target-path", target, "--log-path", target]
    with _environment(home), chdir(project):
        try:
            done = dbtRunner(manifest, callbacks=[listen]).invoke([*arguments, *map(str, places), *QUIET])
        finally:
            _let_go_of_the_warehouse()
    if done.result is None:
        raise DbtError(without_values(str(done.exception or f"dbt {arguments[0]} gave no result")))
    return done.result


def without_values(message: str) -> str:
    """A database's message up to the first value that it quotes, which may be a person's.

    Errors that speak of SQL and names alone are left whole.
    """
    if re.search(r"\b(Compilation|Dependency|Parsing|Parser|Binder|Catalog|IO) Error\b", message):
        return message
    return re.sub(r"['\"].*", "…", message, flags=re.DOTALL)


def _let_go_of_the_warehouse() -> None:
    """Close the file: dbt-duckdb keeps it open for the next command, and DuckDB then locks everybody out."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if environment := DuckDBConnectionManager._ENV:  # pyright: ignore[reportPrivateUsage] there is no public way
        environment.close()
    DuckDBConnectionManager.close_all_connections()


@contextmanager
def _environment(home: Home) -> Generator[None]:
    """Set what profiles.yml reads, and put back what was there."""
    ours = {"CDP_HOME": str(home.folder), "CDP_MEMORY_LIMIT": engine.memory_limit(), "DO_NOT_TRACK": "1"}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
