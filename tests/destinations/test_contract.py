"""One suite that every kind of destination passes, against the real thing: a disk, a web server, a PostgreSQL."""

import csv
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from cdp_platform.destinations import send
from cdp_platform.destinations.connectors.base import BatchConnector, Row
from cdp_platform.destinations.receiver import Inbox, serve
from cdp_platform.destinations.run import Ran, run_sync
from cdp_platform.shared.home import Home, home
from tests.destinations.shop import NOON, company_of, publish, query, sync

MAPPING = {"customer_id": "customer_id", "email": "email", "city": "city", "value": "net_value", "of": "sources"}
BAD = "\0"
"""A city that no destination takes."""


class Kind(NamedTuple):
    """One kind of destination, ready to be synced to."""

    place: Home
    destination: dict[str, Any]
    contents: Callable[[], dict[str, str]]
    """Key to city, as the destination holds it."""
    lock_out: Callable[[], None]
    """Make the destination refuse us."""

    def run(self, snapshot: str, people: dict[str, dict[str, Any]], **changes: Any) -> Ran:
        publish(self.place, snapshot, people)
        return self.again(**changes)

    def again(self, **changes: Any) -> Ran:
        written = sync(destination=self.destination, mapping=MAPPING, **changes)
        return run_sync(company_of(written), self.place, "vips", now=NOON, sleep=lambda seconds: None)


@pytest.fixture(params=["csv", "webhook", "postgres"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    return request.getfixturevalue(f"to_{request.param}")


@pytest.fixture
def to_csv(tmp_path: Path) -> Kind:
    place = home(tmp_path / "home")
    file = place.folder / "out/vips.csv"

    def contents() -> dict[str, str]:
        with file.open(encoding="utf-8", newline="") as lines:
            return {row["customer_id"]: row["city"] for row in csv.DictReader(lines)}

    def lock_out() -> None:
        file.unlink()
        file.mkdir()

    return Kind(place, {"kind": "csv", "path": "out/vips.csv"}, contents, lock_out)


@pytest.fixture
def to_webhook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Kind]:
    inbox = Inbox(secret="s3cret", refuse=lambda item: "city" if BAD in (item["fields"]["city"] or "") else None)
    server = serve(inbox)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("WEBHOOK_URL", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("WEBHOOK_SECRET", "s3cret")
    destination = {"kind": "webhook", "url_env": "WEBHOOK_URL", "secret_env": "WEBHOOK_SECRET", "batch_size": 2}
    yield Kind(
        home(tmp_path / "home"),
        destination,
        lambda: {key: fields["city"] for key, fields in inbox.held.items()},
        lambda: monkeypatch.setenv("WEBHOOK_SECRET", "wrong"),
    )
    server.shutdown()
    server.server_close()


@pytest.fixture
def to_postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server_url: str) -> Generator[Kind]:
    monkeypatch.setenv("POSTGRES_URL", server_url)
    with psycopg.connect(server_url, autocommit=True) as con:
        con.execute("drop schema if exists marketing cascade")

        def lock_out() -> None:
            monkeypatch.setenv("POSTGRES_URL", server_url.replace("postgres:", "stranger:", 1))

        yield Kind(
            home(tmp_path / "home"),
            {"kind": "postgres", "url_env": "POSTGRES_URL", "table": "marketing.vips", "create": True, "batch_size": 2},
            lambda: dict(con.execute("select customer_id, city from marketing.vips").fetchall()),
            lock_out,
        )


def cities(**values: str) -> dict[str, dict[str, Any]]:
    return {name: {"city": city, "net_value": "12.50", "sources": ["crm", "shop"]} for name, city in values.items()}


def test_create_update_remove(kind: Kind) -> None:
    created = kind.run("s1", cities(a="Rome", b="Oslo", c="Bern"))
    assert (created.status, created.ok, kind.contents()) == ("succeeded", 3, {"a": "Rome", "b": "Oslo", "c": "Bern"})

    changed = kind.run("s2", cities(a="Rome", b="Paris", d="Kyiv"))

    assert (changed.waterfall["create"], changed.waterfall["update"], changed.waterfall["remove"]) == (1, 1, 1)
    assert kind.contents() == {"a": "Rome", "b": "Paris", "d": "Kyiv"}
    assert changed.held == 3
    runs = query(kind.place, "select row_key, first_run, last_run from destinations.state order by 1")
    assert runs == [("a", 1, 1), ("b", 1, 2), ("d", 2, 2)]


def test_a_run_without_changes_sends_nothing(kind: Kind) -> None:
    kind.run("s1", cities(a="Rome"))
    same = kind.run("s2", cities(a="Rome"))
    assert (same.run_id, same.planned, same.waterfall["unchanged"]) == (2, 0, 1)
    assert kind.again().skipped


def test_a_batch_in_doubt_is_sent_again_and_changes_nothing(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    class Crash(BaseException):
        """Dies after the destination has applied the batch, before that is written down."""

    def crash(*_: Any) -> None:
        raise Crash

    kind.run("s1", cities(a="Rome", b="Oslo", c="Bern"))
    with monkeypatch.context() as broken:
        broken.setattr(send, "record", crash)
        with pytest.raises(Crash):
            kind.run("s2", cities(a="Rome", b="Paris", d="Kyiv"))
    assert query(kind.place, "select status from destinations.runs where run_id = 2") == [("sending",)]

    ended = kind.again()

    assert (ended.run_id, ended.status, ended.ok) == (2, "succeeded", 3)
    assert kind.contents() == {"a": "Rome", "b": "Paris", "d": "Kyiv"}


def test_a_rejected_row_is_isolated_and_waits_until_its_data_change(kind: Kind) -> None:
    ran = kind.run("s1", cities(a="Rome", b=BAD, c="Bern", d="Kyiv", e="Graz"))

    assert (ran.status, ran.ok, ran.rejected) == ("partial", 4, 1)
    assert kind.contents() == {"a": "Rome", "c": "Bern", "d": "Kyiv", "e": "Graz"}
    [(key, attempts, message)] = query(kind.place, "select row_key, attempts, message from destinations.quarantine")
    assert (key, attempts) == ("b", 1)
    assert message

    assert kind.again().skipped
    waits = kind.run("s2", cities(a="Rome", b=BAD, c="Bern", d="Kyiv", e="Graz"))
    assert (waits.waterfall["quarantined"], waits.rejected, waits.status) == (1, 0, "succeeded")
    assert kind.run("s3", cities(a="Rome", b="Oslo", c="Bern", d="Kyiv", e="Graz")).ok == 1
    assert kind.contents()["b"] == "Oslo"
    assert query(kind.place, "from destinations.quarantine") == []


def test_being_locked_out_pauses_and_loses_nothing(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    kind.run("s1", cities(a="Rome"))
    with monkeypatch.context():
        kind.lock_out()
        paused = kind.run("s2", cities(a="Rome", b="Oslo"))
    assert (paused.status, paused.held) == ("paused", 1)
    assert paused.note
    assert not {"Oslo", "b@shop.example", "s3cret", "postgresql:"} & set(paused.note.split())
    assert query(kind.place, "select row_key from destinations.state") == [("a",)]


def test_insert_only_adds(kind: Kind) -> None:
    if kind.destination["kind"] == "csv":
        pytest.skip("insert writes files of changes: see test_csv.py")
    kind.run("s1", cities(a="Rome", b="Oslo"), mode="insert")
    ran = kind.run("s2", cities(a="Paris", c="Bern"), mode="insert")
    assert (ran.ok, kind.contents()) == (1, {"a": "Rome", "b": "Oslo", "c": "Bern"})


def test_upsert_never_removes(kind: Kind) -> None:
    if kind.destination["kind"] == "csv":
        pytest.skip("upsert writes files of changes: see test_csv.py")
    kind.run("s1", cities(a="Rome", b="Oslo"), mode="upsert")
    ran = kind.run("s2", cities(a="Paris"), mode="upsert")
    assert (ran.ok, kind.contents()) == (1, {"a": "Paris", "b": "Oslo"})


def test_a_row_gives_its_fields_with_money_exact() -> None:
    assert str(Row("a", "create", '{"v": 12.5000}').fields()["v"]) == "12.5000"


def test_every_batch_connector_says_its_size(kind: Kind) -> None:
    from cdp_platform.destinations.config import Sync
    from cdp_platform.destinations.connectors import connector

    to = connector(Sync.model_validate(sync(destination=kind.destination, mapping=MAPPING)), kind.place)
    assert not isinstance(to, BatchConnector) or to.batch_size > 0
    assert to.target.startswith(kind.destination["kind"])
    assert "127.0.0.1" not in to.target
    to.close()
