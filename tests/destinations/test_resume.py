"""What a start does with a run that an earlier one left open."""

import threading
from collections.abc import Generator
from typing import Any

import pytest

from cdp_platform.destinations import send
from cdp_platform.destinations.errors import SyncBusy
from cdp_platform.destinations.receiver import Handler, Inbox, Reply, serve
from cdp_platform.destinations.run import run_sync
from cdp_platform.destinations.state import opened
from cdp_platform.privacy import suppression
from cdp_platform.shared.home import Home
from tests.destinations.shop import NOON, company_of, publish, query, sync

COMPANY = company_of(
    sync(
        destination={"kind": "webhook", "url_env": "WEBHOOK_URL", "batch_size": 1, "retries": 2},
        mapping={"city": "city"},
    )
)


class Crash(BaseException):
    """The process dies."""


class Scripted(Handler):
    """Answers as told, then as usual."""

    answers: list[Reply | None] = []
    bodies: list[tuple[str, bytes]] = []

    def before(self, body: bytes) -> Reply | None:
        self.bodies.append((self.headers["Idempotency-Key"], body))
        return self.answers.pop(0) if self.answers else None


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Generator[Inbox]:
    held = Inbox()
    Scripted.answers, Scripted.bodies = [], []
    server = serve(held, handler=Scripted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("WEBHOOK_URL", f"http://127.0.0.1:{server.server_port}/")
    yield held
    server.shutdown()
    server.server_close()


def run(place: Home, **changes: Any) -> Any:
    return run_sync(COMPANY, place, "vips", now=NOON, sleep=lambda seconds: None, **changes)


def crash_after(batches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Die when this many batches are recorded and the next one has been delivered."""
    real, done = send.record, [0]

    def record(*arguments: Any) -> None:
        if done[0] == batches:
            raise Crash
        done[0] += 1
        real(*arguments)

    monkeypatch.setattr(send, "record", record)


def crashed_run(place: Home, snapshot: str, people: list[str], after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(place, snapshot, people)
    with monkeypatch.context() as broken:
        crash_after(after, broken)
        with pytest.raises(Crash):
            run(place)


def outcomes(place: Home, run_id: int) -> dict[str, str]:
    return dict(query(place, f"select row_key, outcome from destinations.row_results where run_id = {run_id}"))


def test_the_batch_in_flight_is_sent_again_byte_for_byte_under_the_same_key(
    place: Home, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed_run(place, "s1", ["a", "b", "c"], 1, monkeypatch)
    assert [len(inbox.held), len(Scripted.bodies)] == [2, 2]

    ran = run(place)

    assert (ran.run_id, ran.ok, sorted(inbox.held)) == (1, 3, ["a", "b", "c"])
    assert Scripted.bodies[2] == Scripted.bodies[1]
    assert len(Scripted.bodies) == 4
    assert len({key for key, _ in Scripted.bodies}) == 3


def test_who_withdrew_in_between_is_withheld_and_the_totals_still_sum(
    place: Home, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed_run(place, "s1", ["a", "b", "c", "d"], 1, monkeypatch)
    publish(place, "s2", ["a", "b", "c", "d"], denied=["c"])
    suppression.add(place, "customer_id", "d", reason="asked", by="Ann", now=NOON)

    ran = run(place)

    assert outcomes(place, 1) == {"a": "ok", "b": "ok", "c": "withheld", "d": "withheld"}
    assert sorted(inbox.held) == ["a", "b"]
    assert (ran.run_id, ran.status) == (2, "succeeded")  # and then what changed since was planned
    assert not any(b'"key":"c"' in body or b'"key":"d"' in body for _, body in Scripted.bodies)


def test_who_withdrew_while_in_flight_is_removed_at_once(
    place: Home, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed_run(place, "s1", ["a", "b"], 0, monkeypatch)
    publish(place, "s2", ["a", "b"], denied=["a"])

    run(place)

    assert outcomes(place, 1) == {"a": "ok", "b": "ok"}
    removal = query(place, "select row_key, operation, outcome from destinations.row_results where run_id = 2")
    assert removal == [("a", "remove", "ok")]
    assert sorted(inbox.held) == ["b"]


def test_an_outage_leaves_the_run_open_and_asks_consent_again_for_what_never_arrived(place: Home, inbox: Inbox) -> None:
    publish(place, "s1", ["a", "b"])
    Scripted.answers = [Reply(429)] * 3

    waits: list[float] = []
    interrupted = run_sync(COMPANY, place, "vips", now=NOON, sleep=waits.append)
    publish(place, "s2", ["a", "b"], denied=["a"])
    later = run(place)

    assert (interrupted.status, interrupted.ok, len(waits)) == ("interrupted", 0, 2)
    assert (later.status, sorted(inbox.held)) == ("succeeded", ["b"])
    assert query(place, "select status from destinations.runs order by run_id") == [("superseded",), ("succeeded",)]


def test_a_batch_that_may_have_arrived_is_settled_before_anything_else(place: Home, inbox: Inbox) -> None:
    publish(place, "s1", ["a", "b"])
    Scripted.answers = [Reply(500)] * 3
    interrupted = run(place)
    publish(place, "s2", ["b"])
    run(place)

    assert interrupted.status == "interrupted"
    first_key = Scripted.bodies[0][0]
    assert [key for key, _ in Scripted.bodies[:4]] == [first_key] * 4
    assert sorted(inbox.held) == ["b"]


def test_waiting_is_as_long_as_the_destination_says(place: Home, inbox: Inbox) -> None:
    publish(place, "s1", ["a"])
    Scripted.answers = [Reply(429, {}, {"Retry-After": "7"}), Reply(503, {}, {"Retry-After": "9"})]
    waits: list[float] = []
    assert run_sync(COMPANY, place, "vips", now=NOON, sleep=waits.append).status == "succeeded"
    assert waits == [7.0, 9.0]


def test_a_wait_that_is_too_long_ends_the_run(place: Home, inbox: Inbox) -> None:
    publish(place, "s1", ["a"])
    Scripted.answers = [Reply(429, {}, {"Retry-After": "3600"})]
    assert run(place).status == "interrupted"
    assert run(place).status == "succeeded"


def test_another_address_starts_anew_and_the_open_run_is_abandoned(
    place: Home, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed_run(place, "s1", ["a", "b", "c"], 1, monkeypatch)
    other = Inbox()
    server = serve(other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("WEBHOOK_URL", f"http://127.0.0.1:{server.server_port}/")

    ran = run(place)
    server.shutdown()
    server.server_close()

    assert (ran.run_id, ran.status, sorted(other.held)) == (2, "succeeded", ["a", "b", "c"])
    assert outcomes(place, 1) == {"a": "ok", "b": "not_sent", "c": "not_sent"}
    assert query(place, "select status from destinations.runs where run_id = 1") == [("abandoned",)]


def test_a_sync_runs_once_at_a_time(place: Home, inbox: Inbox) -> None:
    publish(place, "s1", ["a"])
    with opened(place, "vips"), pytest.raises(SyncBusy):
        run(place)
    assert run(place).status == "succeeded"


def test_without_its_address_a_sync_sends_nothing_and_fails_nothing(
    place: Home, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(place, "s1", ["a"])
    monkeypatch.delenv("WEBHOOK_URL")
    ran = run(place)
    assert (ran.status, ran.note, ran.run_id) == ("not_configured", "not configured: set WEBHOOK_URL", None)
    assert inbox.requests == 0
