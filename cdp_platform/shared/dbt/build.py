"""Build models and run their tests, only when something that shapes them changed."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection

from cdp_platform.shared.dbt.invoke import invoke, without_values
from cdp_platform.shared.dbt.models import Model
from cdp_platform.shared.dbt.project import Prepared
from cdp_platform.shared.home import Home
from cdp_platform.shared.warehouse.build import DDL, Built, Notes, exists, fingerprint, record, version

RESULTS = """
create table if not exists platform.dbt_results(
    unique_id varchar primary key, status varchar, failures bigint, message varchar, seconds double)
"""
UNFINISHED = "being built"


class NodeResult(NamedTuple):
    """How one model or test came out."""

    unique_id: str
    status: str
    """success (models), pass, warn or fail (tests), error or skipped."""
    failures: int
    """Rows that violate a test."""
    message: str
    seconds: float
    sql: str = ""
    """Compiled SQL of a model; empty when the result was stored earlier."""


def is_current(con: DuckDBPyConnection, models: Iterable[Model], code: str) -> bool:
    """Whether every model was built by this code from the tables as they are now."""
    con.execute(DDL)
    known = dict(con.execute("select table_name, built_from from platform.tables").fetchall())
    return all(known.get(m.table) == _built_from(con, m, code) and exists(con, m.table) for m in models)


def begin(con: DuckDBPyConnection, models: Sequence[Model]) -> None:
    """Mark models as unfinished: a run that is killed from here on is known to have left them half new."""
    con.execute(DDL)
    con.executemany(
        "update platform.tables set built_from = ? where table_name = ?", [(UNFINISHED, m.table) for m in models]
    )


def run(
    command: str,
    prepared: Prepared,
    home: Home,
    models: Sequence[Model],
    *,
    alone: bool = False,
    finished: Callable[[str], None] | None = None,
) -> dict[str, NodeResult]:
    """`build` or `test` models; results by unique id. The warehouse must not be open.

    Tests run when all tables they compare are among the models or before them; with `alone`, whatever they compare.
    Raises DbtError when dbt could not start.
    """
    selection = ["--select", *(m.selector for m in models), "--indirect-selection", "eager" if alone else "buildable"]
    result = invoke(
        [command, *selection, "--no-write-json"],
        project=prepared.project,
        home=home,
        target=prepared.folder / "target",
        parsed=prepared.parsed,
        finished=finished,
    )
    return {one.node.unique_id: _node_result(one) for one in result.results}


def finish(
    con: DuckDBPyConnection,
    models: Iterable[Model],
    results: dict[str, NodeResult],
    code: str,
    now: datetime,
    *,
    final: bool,
    notes: Mapping[str, Callable[[DuckDBPyConnection], Notes]],
) -> dict[str, Built]:
    """Write down what was built, models in the order in which they read each other, and how the tests came out.

    Without `final` (a model or a blocking test failed) the models stay unfinished, so that the next run tries again.
    """
    con.execute(RESULTS)
    con.executemany("insert or replace into platform.dbt_results values (?, ?, ?, ?, ?)",
        [(r.unique_id, r.status, r.failures, r.message, r.seconds) for r in results.values()],
    )  # fmt: skip
    built: dict[str, Built] = {}
    for model in models:
        if model.unique_id in results and results[model.unique_id].status == "success":
            built_from = _built_from(con, model, code) if final else UNFINISHED
            said = notes[model.table](con) if model.table in notes else {}
            built[model.unique_id] = record(con, model.table, built_from, now, said)
    return built


def last(con: DuckDBPyConnection, models: Iterable[Model]) -> tuple[dict[str, Built], dict[str, NodeResult]]:
    """How models stand that need no build, and how the tests came out when they were built."""
    con.execute(RESULTS)
    known = {
        name: Built(name, rows, content, skipped=True, changed=False, notes=json.loads(notes))
        for name, rows, content, notes in con.execute(
            "select table_name, rows, version, notes from platform.tables"
        ).fetchall()
    }
    built = {m.unique_id: known[m.table] for m in models}
    stored = con.execute("select unique_id, status, failures, message, seconds from platform.dbt_results").fetchall()
    return built, {row[0]: NodeResult(*row) for row in stored}


def _built_from(con: DuckDBPyConnection, model: Model, code: str) -> str:
    return fingerprint(code, *(f"{name}={version(con, name)}" for name in model.inputs))


def _node_result(one: Any) -> NodeResult:
    return NodeResult(
        unique_id=one.node.unique_id,
        status=str(one.status),
        failures=int(one.failures or 0),
        message=without_values(str(one.message or "")),
        seconds=float(one.execution_time),
        sql=getattr(one.node, "compiled_code", None) or "",
    )
