"""HTTP: what goes out byte for byte, and what each answer means."""

import hashlib
import hmac
import json
from collections.abc import Callable

import httpx2
import pytest

from cdp_platform.destinations.connectors.base import OK, Batch, Outcome, Row
from cdp_platform.destinations.connectors.http import Answer, retry_after
from cdp_platform.destinations.connectors.isolate import MOST_ATTEMPTS, isolate
from cdp_platform.destinations.connectors.quote import without_values
from cdp_platform.destinations.connectors.webhook import Webhook, is_signed, signature
from cdp_platform.destinations.errors import (
    AuthenticationError,
    BatchRejected,
    ConfigurationError,
    NotReached,
    SyncError,
    Throttled,
    TransientError,
)
from tests.destinations.shop import NOON

ROWS = [Row(f"k{n}", "create", json.dumps({"email": f"p{n}@shop.example"})) for n in range(8)]
BATCH = Batch("vips", 3, 1, "upsert", "idem", NOON, ROWS)


def webhook(answer: Callable[[httpx2.Request], httpx2.Response]) -> Webhook:
    return Webhook("https://x.example/in", "s3cret", transport=httpx2.MockTransport(answer), clock=lambda: 1000)


def test_the_request_byte_for_byte() -> None:
    to = webhook(lambda request: httpx2.Response(200))
    request = to.render(BATCH, [Row('k"1', "update", '{"v":12.5000,"n":null}')], "idem")
    assert request.body == b'[{"operation":"upsert","key":"k\\"1","fields":{"v":12.5000,"n":null}}]'
    assert request.headers == {
        "Content-Type": "application/json", "Idempotency-Key": "idem", "X-CDP-Sync": "vips", "X-CDP-Run": "3",
    }  # fmt: skip


def test_a_receiver_can_verify_who_sent_it_and_when() -> None:
    header = signature("s3cret", b"[]", 1000)
    assert header == "t=1000,v1=" + hmac.new(b"s3cret", b"1000.[]", hashlib.sha256).hexdigest()
    assert is_signed("s3cret", b"[]", header, now=1200)
    assert not is_signed("s3cret", b"[ ]", header, now=1200)
    assert not is_signed("other", b"[]", header, now=1200)
    assert not is_signed("s3cret", b"[]", header, now=1301)
    assert not is_signed("s3cret", b"[]", None, now=1000)
    assert not is_signed("s3cret", b"[]", "t=x,v1=y", now=1000)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_is_of_every_row(status: int) -> None:
    assert webhook(lambda request: httpx2.Response(status)).send(BATCH) == [OK] * 8


def test_207_rejects_the_rows_that_it_names_without_their_values() -> None:
    errors = [{"index": 2, "code": "bad", "message": "invalid e-mail p2@shop.example, see k2"}]
    outcomes = webhook(lambda request: httpx2.Response(207, json={"errors": errors})).send(BATCH)
    assert outcomes[2] == Outcome("rejected", "bad", "invalid e-mail <email>, see k2")
    assert [o.outcome for o in outcomes].count("ok") == 7


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx2.Response(429, headers={"Retry-After": "3"}), Throttled),
        (httpx2.Response(500), TransientError),
        (httpx2.Response(503), TransientError),
        (httpx2.Response(401), AuthenticationError),
        (httpx2.Response(403), AuthenticationError),
        (httpx2.Response(404), ConfigurationError),
        (httpx2.Response(301), ConfigurationError),
        (httpx2.Response(207, text="oops"), TransientError),
        (httpx2.Response(207, json=[]), TransientError),
        (httpx2.Response(200, json={"errors": [{"index": 8}]}), TransientError),
    ],
)
def test_what_an_answer_means(answer: httpx2.Response, error: type[SyncError]) -> None:
    with pytest.raises(error) as raised:
        webhook(lambda request: answer).send(BATCH)
    assert "x.example" not in str(raised.value)


@pytest.mark.parametrize(
    ("error", "expected", "in_doubt"),
    [
        (httpx2.ConnectError("https://user:pw@x"), NotReached, False),
        (httpx2.ReadTimeout("https://user:pw@x"), TransientError, True),
    ],
)
def test_a_broken_connection(error: Exception, expected: type[SyncError], in_doubt: bool) -> None:
    def broken(request: httpx2.Request) -> httpx2.Response:
        raise error

    with pytest.raises(expected) as raised:
        webhook(broken).send(BATCH)
    assert raised.value.in_doubt is in_doubt
    assert "pw" not in str(raised.value)


def test_a_refused_batch_is_halved_down_to_the_bad_row_under_keys_of_its_parts() -> None:
    keys: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        keys.append(request.headers["idempotency-key"])
        if b'"k5"' not in request.content:
            return httpx2.Response(200)
        return httpx2.Response(400, json={"message": "no such address: p5@shop.example"})

    outcomes = webhook(answer).send(BATCH)
    assert [o.outcome for o in outcomes] == ["ok"] * 5 + ["rejected"] + ["ok"] * 2
    assert (outcomes[5].code, outcomes[5].message) == ("http_400", "answered 400: no such address: <email>")
    assert keys == ["idem", "idem-0-4", "idem-4-8", "idem-4-6", "idem-4-5", "idem-5-6", "idem-6-8"]


def test_trouble_after_part_of_a_batch_has_arrived_leaves_it_in_doubt() -> None:
    answers = iter([400, 200, 401])
    with pytest.raises(AuthenticationError) as raised:
        webhook(lambda request: httpx2.Response(next(answers))).send(BATCH)
    assert raised.value.in_doubt


@pytest.mark.parametrize("bad", [set(), {0}, {7}, {3, 4}, set(range(8))])
def test_halving_finds_exactly_the_bad_rows(bad: set[int]) -> None:
    outcomes = isolate(8, lambda start, stop: _refuse_if(bad & set(range(start, stop)), stop - start))
    assert {n for n, o in enumerate(outcomes) if o.outcome == "rejected"} == bad


def test_halving_gives_up_when_everything_is_bad_and_still_answers_for_every_row() -> None:
    attempts: list[int] = []

    def attempt(start: int, stop: int) -> list[Outcome]:
        attempts.append(stop - start)
        raise BatchRejected("no", "no")

    assert [o.outcome for o in isolate(10_000, attempt)] == ["rejected"] * 10_000
    assert len(attempts) <= MOST_ATTEMPTS


def _refuse_if(bad: set[int], size: int) -> list[Outcome]:
    if bad:
        raise BatchRejected("no", "no")
    return [OK] * size


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, None), ("12", 12.0), ("-3", 0.0), ("soon", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds


def test_words_of_a_destination_are_kept_without_values() -> None:
    row = Row("C-100", "create", '{"name": "Ann Lee", "city": "Ely", "age": 7}')
    assert without_values("Ann Lee of Ely, 7, C-100, ann@x.yz, +44 20 7946 0958", row) == (
        "<name> of <city>, 7, <key>, <e-mail>, <number>"
    )


def test_an_answer_that_is_not_json_is_not_read_as_success() -> None:
    with pytest.raises(TransientError):
        Answer(207, {}, b"<html>").json()
