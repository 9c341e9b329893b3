"""PostgreSQL: exactly once, odd names, and tables that are not what the configuration says."""

from collections.abc import Generator
from typing import Any

import psycopg
import pytest

from cdp_platform.destinations.connectors.base import Batch, Row
from cdp_platform.destinations.connectors.postgres import Postgres
from cdp_platform.destinations.errors import AuthenticationError, ConfigurationError, TransientError
from tests.destinations.shop import NOON

COLUMNS = {"Odd \"name'": "VARCHAR", "n": "DECIMAL(18,4)", "at": "TIMESTAMP", "list": "VARCHAR[]"}
KEY = "Odd \"name'"


@pytest.fixture
def con(server_url: str) -> Generator["psycopg.Connection[Any]"]:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("drop schema if exists odd cascade")
        yield connection


@pytest.fixture
def to(server_url: str, con: Any) -> Generator[Postgres]:
    connector = Postgres(server_url, "odd.people", KEY, create=True)
    connector.prepare(COLUMNS)
    yield connector
    connector.close()


def batch(*keys: str, number: int = 1, operation: str = "upsert", n: str = "1.5000") -> Batch:
    rest = '"at": "2026-11-23T12:00:00Z", "list": ["x"]'
    rows = [Row(key, "create", f'{{"Odd \\"name\'": "{key}", "n": {n}, {rest}}}') for key in keys]
    return Batch("vips", 1, number, operation, f"key-{number}", NOON, rows)


def test_types_and_odd_names(to: Postgres, con: Any) -> None:
    to.send(batch("a"))
    [[key, number, at, values]] = con.execute("select * from odd.people").fetchall()
    assert (key, str(number), at, values) == ("a", "1.5000", NOON, ["x"])


def test_a_batch_is_applied_once_even_when_others_have_changed_the_row_since(to: Postgres, con: Any) -> None:
    to.send(batch("a"))
    con.execute("update odd.people set n = 99")
    assert [o.outcome for o in to.send(batch("a"))] == ["ok"]
    assert con.execute("select n from odd.people").fetchall()[0][0] == 99


def test_a_batch_that_comes_again_answers_as_it_did(to: Postgres, con: Any) -> None:
    con.execute("alter table odd.people add check (n < 5)")
    first = to.send(batch("a", "b", n="7"))
    assert first == to.send(batch("a", "b", n="7"))
    assert {(o.outcome, o.code) for o in first} == {("rejected", "23514")}


def test_a_row_that_breaks_a_rule_is_named_by_the_rule_not_by_its_values(to: Postgres, con: Any) -> None:
    con.execute("create unique index only_one on odd.people (n)")
    to.send(batch("a"))
    [outcome] = to.send(batch("secret-person", number=2))
    assert outcome.code == "23505"
    assert "only_one" in (outcome.message or "")
    assert "secret-person" not in (outcome.message or "")


def test_an_unchanged_row_is_not_touched(to: Postgres, con: Any) -> None:
    to.send(batch("a"))
    before = con.execute("select xmin from odd.people").fetchall()
    to.send(batch("a", number=2))
    assert con.execute("select xmin from odd.people").fetchall() == before


def test_the_ledger_forgets_runs_that_are_over(to: Postgres, con: Any) -> None:
    to.send(batch("a"))
    to.send(batch("b", number=2)._replace(run_id=2))
    assert con.execute("select run_id from odd.cdp_sync_ledger").fetchall() == [(2,)]


def test_a_table_that_is_not_there_or_lacks_a_column_is_refused_before_anything_is_sent(
    server_url: str, con: Any
) -> None:
    con.execute("create schema odd")
    to = Postgres(server_url, "odd.people", "id")
    with pytest.raises(ConfigurationError, match=r"odd\.people is missing, or lacks id"):
        to.prepare({"id": "VARCHAR"})
    con.execute("create table odd.people (id text)")
    to.prepare({"id": "VARCHAR"})
    with pytest.raises(ConfigurationError, match="lacks city"):
        to.prepare({"id": "VARCHAR", "city": "VARCHAR"})
    to.close()


def test_what_goes_wrong_at_the_door(server_url: str) -> None:
    nobody = Postgres(server_url.replace("postgres:", "stranger:", 1), "odd.people", "id")
    with pytest.raises(AuthenticationError):
        nobody.prepare({"id": "VARCHAR"})
    with pytest.raises(TransientError) as raised:
        Postgres("postgresql://u:s3cret@127.0.0.1:1/x", "odd.people", "id").prepare({"id": "VARCHAR"})
    assert "s3cret" not in str(raised.value)
    with pytest.raises(ConfigurationError):
        Postgres("not a url", "odd.people", "id")


def test_a_new_password_is_not_a_new_place() -> None:
    targets = [Postgres(f"postgresql://{who}@h:1/db", "a.b", "id").target for who in ("u:p", "v:q")]
    assert targets[0] == targets[1] != Postgres("postgresql://u:p@h:1/other", "a.b", "id").target
