"""Databases: SQLite, PostgreSQL and MySQL, whole and by cursor."""

from collections.abc import Generator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from cdp_platform.sources.connectors.base import UnreadableError
from tests.sources.conftest import Bench
from tests.sources.databases import mariadb, postgresql

CUSTOMERS = {"name": "customers", "kind": "sql", "url_env": "SHOP_URL", "table": "customers", "key": ["id"]}
BY_CURSOR = {**CUSTOMERS, "cursor": "changed_at"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "mysql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'shop.sqlite'}"
    else:
        with (postgresql if request.param == "postgresql" else mariadb)(folder) as url:
            yield url


@pytest.fixture
def shop(server: str, monkeypatch: pytest.MonkeyPatch) -> Generator[sa.Engine]:
    """A shop with three customers. The time of the last change is text in SQLite, a timestamp elsewhere."""
    monkeypatch.setenv("SHOP_URL", server)
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    moment = "text" if "sqlite" in server else "timestamp(3)" if "mysql" in server else "timestamp"
    with engine.begin() as connection:
        connection.exec_driver_sql("drop table if exists customers")
        connection.exec_driver_sql(
            f"create table customers(id integer, name varchar(40), spent decimal(9, 2), changed_at {moment} null)"
        )
    _write(engine, (1, "Anna"), (2, "Bert"), (3, "Zoë"), at="2011-12-01 10:00:00")
    yield engine
    engine.dispose()


def _write(engine: sa.Engine, *rows: tuple[int | None, str], at: str | None) -> None:
    """Insert customers, or replace those that are there."""
    with engine.begin() as connection:
        for number, name in rows:
            connection.execute(sa.text("delete from customers where id = :id"), {"id": number})
            values = {"id": number, "name": name, "spent": 12.5, "at": at}
            connection.execute(sa.text("insert into customers values (:id, :name, :spent, :at)"), values)


def _names(bench: Bench) -> list[tuple[Any, ...]]:
    return bench.rows("customers", "id", "name")


def test_values_arrive_with_their_types(shop: sa.Engine, bench: Bench):
    bench.load(CUSTOMERS)

    [row, *_] = bench.rows("customers", "id", "name", "spent", "changed_at")
    text = shop.dialect.name == "sqlite"
    assert row == (
        1, "Anna", 12.5 if text else Decimal("12.5"),
        "2011-12-01 10:00:00" if text else datetime(2011, 12, 1, 10),
    )  # fmt: skip


def test_without_a_cursor_deletes_are_seen(shop: sa.Engine, bench: Bench):
    bench.load(CUSTOMERS)
    with shop.begin() as connection:
        connection.exec_driver_sql("delete from customers where id = 2")

    loaded = bench.load(CUSTOMERS)

    assert _names(bench) == [(1, "Anna"), (3, "Zoë")]
    assert loaded.built[0].notes["rows_removed"] == 1


def test_with_a_cursor_only_rows_from_it_on_are_read(shop: sa.Engine, bench: Bench):
    bench.load(BY_CURSOR)
    _write(shop, (2, "Berta"), (4, "Dora"), at="2011-12-02 09:00:00")

    loaded = bench.load(BY_CURSOR)
    again = bench.load(BY_CURSOR)

    assert _names(bench) == [(1, "Anna"), (2, "Berta"), (3, "Zoë"), (4, "Dora")]
    notes = loaded.built[0].notes
    assert (notes["rows_added"], notes["rows_changed"], notes["rows_removed"]) == (1, 1, 0)
    assert again.built[0].notes["rows_read"] == 2  # those at the cursor itself: more of them may have come
    assert not again.built[0].changed
    assert bench.rejected("customers") == []
    assert bench.outcomes(BY_CURSOR, again)["rows_reconcile"].passed


def test_late_rows_are_found_within_the_window(shop: sa.Engine, bench: Bench):
    bench.load(BY_CURSOR)
    _write(shop, (4, "Dora"), at="2011-11-29 00:00:00")

    bench.load(BY_CURSOR)
    assert len(_names(bench)) == 3

    bench.load({**BY_CURSOR, "reread": 3})
    assert len(_names(bench)) == 4


def test_rows_without_a_cursor_value_are_always_read(shop: sa.Engine, bench: Bench):
    bench.load(BY_CURSOR)
    _write(shop, (5, "Emil"), at=None)
    if shop.dialect.name == "mysql":
        with shop.begin() as connection:
            connection.exec_driver_sql("update customers set changed_at = null where id = 5")

    bench.load(BY_CURSOR)

    assert (5, "Emil") in _names(bench)


def test_reading_everything_gives_what_the_cursor_gave(shop: sa.Engine, bench: Bench):
    bench.load(BY_CURSOR)
    _write(shop, (1, "Ann"), (4, "Dora"), at="2011-12-02 09:00:00")
    bench.load(BY_CURSOR)
    _write(shop, (None, "nobody"), at="2011-12-03 09:00:00")
    bench.load(BY_CURSOR)
    bench.load(BY_CURSOR)
    before = bench.everything("customers")

    bench.load(BY_CURSOR, full=True)

    assert bench.everything("customers") == before
    assert [reason for *_, reason in bench.rejected("customers")] == ["key is empty"]


def test_a_query_with_colons_percents_and_a_semicolon(shop: sa.Engine, bench: Bench):
    query = "select id, name, ':no % parameter' as remark, changed_at from customers where name like '%a';"
    described = {**BY_CURSOR, "table": None, "query": query}

    bench.load(described)
    bench.load(described)

    assert bench.rows("customers", "name", "remark") == [("Anna", ":no % parameter")]


def test_nothing_can_be_written(shop: sa.Engine, bench: Bench):
    writing = {**CUSTOMERS, "table": None, "query": "select * from customers; delete from customers"}
    if shop.dialect.name == "postgresql":
        writing["query"] = "with gone as (delete from customers returning id) select * from gone"

    with pytest.raises(UnreadableError):
        bench.load(writing)

    with shop.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from customers").scalar() == 3


def test_an_error_names_the_table_and_no_password(shop: sa.Engine, bench: Bench):
    with pytest.raises(UnreadableError, match=r"customers: .*custmers") as error:
        bench.load({**CUSTOMERS, "table": "custmers"})

    assert "pass-word-1" not in str(error.value)


def test_a_server_that_is_down_is_named_without_the_password(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SHOP_URL", "postgresql://reader:pass-word-1@127.0.0.1:1/shop")

    with pytest.raises(UnreadableError, match=r"customers: .*127\.0\.0\.1") as error:
        bench.load(CUSTOMERS)

    assert "pass-word-1" not in str(error.value)


def test_a_variable_that_is_not_set_is_named(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SHOP_URL", raising=False)

    with pytest.raises(UnreadableError, match="environment variable SHOP_URL is not set"):
        bench.load(CUSTOMERS)


def test_columns_of_mixed_values_and_of_nulls_only(bench: Bench):
    """SQLite takes any value in any column; batches see different types."""
    engine = sa.create_engine(f"sqlite:///{bench.files / 'loose.sqlite'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("create table loose(id, mixed, number, blank, content)")
        connection.exec_driver_sql("insert into loose values (1, 1, 1, null, x'00ff'), (2, 'two', 2.5, null, null)")
    engine.dispose()
    loose = {"name": "loose", "kind": "sql", "url": "sqlite:///loose.sqlite", "table": "loose", "key": ["id"]}

    bench.load(loose)

    assert bench.rows("loose", "id", "mixed", "number", "blank", "content") == [
        (1, "1", 1.0, None, b"\x00\xff"), (2, "two", 2.5, None, None),
    ]  # fmt: skip
