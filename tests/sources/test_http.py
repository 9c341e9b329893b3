"""APIs over HTTP, against a real server that pages, throttles and fails."""

import json
import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from cdp_platform.sources.connectors import http
from cdp_platform.sources.connectors.base import UnreadableError
from tests.sources.api import Api
from tests.sources.conftest import Bench

STYLES: list[dict[str, Any]] = [
    {"style": "page", "parameter": "page"},
    {"style": "page", "parameter": "page", "size_parameter": "size", "size": 10},
    {"style": "offset", "parameter": "offset", "size_parameter": "size", "size": 10},
    {"style": "cursor", "parameter": "after", "next": "next.token"},
    {"style": "link"},
]


@pytest.fixture
def api() -> Generator[Api]:
    server = Api()
    server.rows = [{"id": f"p{n:02}", "changed": f"2011-12-{n + 1:02}"} for n in range(25)]
    yield server
    server.close()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http, "FIRST_WAIT_SECONDS", 0.001)


def _people(api: Api, **more: Any) -> dict[str, Any]:
    return {
        "name": "people", "kind": "http", "url": f"{api.url}/people", "rows": "data.people", "key": ["id"],
        "requests_per_second": 1000, "pages": {"style": "page"}, **more,
    }  # fmt: skip


@pytest.mark.parametrize("pages", STYLES, ids=lambda p: f"{p['style']}{' sized' if 'size' in p else ''}")
def test_every_style_of_paging_reads_all_rows(api: Api, bench: Bench, pages: dict[str, Any]):
    loaded = bench.load(_people(api, pages=pages))

    assert [name for [name] in bench.rows("people", "id")] == [f"p{n:02}" for n in range(25)]
    assert loaded.built[0].notes["rows_read"] == 25
    assert len(api.asked) == (4 if pages == STYLES[0] else 3)


def test_without_paging_the_answer_itself_may_be_the_list(api: Api, bench: Bench):
    api.answer = lambda query: (200, {}, json.dumps(api.rows))

    bench.load(_people(api, rows="", pages={"style": "none"}))

    assert len(bench.rows("people", "id")) == 25
    assert len(api.asked) == 1


def test_the_token_goes_into_the_header_and_fixed_parameters_into_the_query(
    api: Api, bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("API_TOKEN", "s3cret")

    bench.load(_people(api, token_env="API_TOKEN", parameters={"expand": "all"}))

    assert all(headers["authorization"] == "Bearer s3cret" for _, headers in api.asked)
    assert all(query["expand"] == "all" for query, _ in api.asked)


def test_with_a_cursor_only_rows_from_it_on_are_asked_for(api: Api, bench: Bench):
    described = _people(api, cursor="changed", cursor_parameter="since")
    bench.load(described)
    api.rows[0] = {"id": "p00", "changed": "2011-12-26"}
    api.rows.append({"id": "p25", "changed": "2011-12-27"})
    api.asked.clear()

    loaded = bench.load(described)

    assert api.asked[0][0]["since"] == "2011-12-25"
    assert (loaded.built[0].notes["rows_added"], loaded.built[0].notes["rows_changed"]) == (1, 1)
    assert len(bench.rows("people", "id")) == 26
    bench.load({**described, "reread": 2})
    assert api.asked[-1][0]["since"] == "2011-12-25"  # two days before the last
    before = bench.everything("people")
    bench.load(described, full=True)
    assert bench.everything("people") == before


def test_no_new_rows_leave_the_table_as_it_is(api: Api, bench: Bench):
    described = _people(api, cursor="changed", cursor_parameter="since")
    bench.load(described)
    api.answer = lambda query: (200, {}, json.dumps({"data": {"people": []}}))

    loaded = bench.load(described)

    assert not loaded.built[0].changed
    assert len(bench.rows("people", "id")) == 25
    assert bench.outcomes(described, loaded)["rows_reconcile"].passed


def test_numbers_as_cursor_are_compared_as_numbers(api: Api, bench: Bench):
    api.rows = [{"id": n, "changed": str(n)} for n in (8, 9, 10)]
    described = _people(api, cursor="changed", cursor_parameter="from")
    bench.load(described)

    bench.load(described)

    assert api.asked[-1][0]["from"] == "10"


@pytest.mark.parametrize("trouble", [(429, {}, ""), (503, {}, ""), (500, {}, "oops"), (0, {}, "")], ids=str)
def test_passing_trouble_is_tried_again(api: Api, bench: Bench, trouble: tuple[int, dict[str, str], str]):
    api.trouble = [trouble, trouble]

    bench.load(_people(api))

    assert len(bench.rows("people", "id")) == 25


@pytest.mark.parametrize("said", ["1", "date"])
def test_the_wait_that_the_server_asks_for_is_kept(api: Api, bench: Bench, said: str):
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)  # a date has whole seconds
    api.trouble = [(429, {"Retry-After": later if said == "date" else said}, "")]
    start = time.monotonic()

    bench.load(_people(api))

    assert time.monotonic() - start >= 0.9


def test_the_rate_limit_is_kept(api: Api, bench: Bench):
    start = time.monotonic()

    bench.load(_people(api, requests_per_second=10))

    assert time.monotonic() - start >= 0.3  # four pages


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        ([(503, {}, "")] * 3, "failed 3 times, the last time with status 503"),
        ([(401, {}, "")], "answered status 401"),
        ([(302, {"Location": "http://elsewhere.example/"}, "")], "answered status 302 .give the final address"),
        ([(200, {}, "<html>")], "answered something that is not JSON"),
        ([(200, {}, '{"people": []}')], "has no list at `data.people`: check `rows`"),
        ([(429, {"Retry-After": "7200"}, "")], "asks to come back in 7200 seconds"),
    ],
)
def test_a_page_that_fails_for_good_fails_the_source_and_shows_no_secret(
    api: Api, bench: Bench, monkeypatch: pytest.MonkeyPatch, trouble: list[Any], message: str
):
    monkeypatch.setenv("API_TOKEN", "s3cret")
    api.trouble = trouble

    with pytest.raises(UnreadableError, match=message) as error:
        bench.load(_people(api, retries=2, token_env="API_TOKEN", parameters={"account": "private-7"}))

    assert "s3cret" not in str(error.value)
    assert "private-7" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_failure_in_the_middle_changes_nothing(api: Api, bench: Bench):
    bench.load(_people(api))
    before = bench.everything("people")
    api.rows = api.rows[:5]
    page = api.page
    api.answer = lambda query: page(query) if query["page"] == "1" else (500, {}, "")

    loaded = bench.load(_people(api, retries=0))

    assert "failed 1 times" in str(loaded.refused)
    assert bench.everything("people") == before


def test_a_server_that_ignores_the_page_is_noticed(api: Api, bench: Bench):
    api.answer = lambda query: (200, {}, json.dumps({"data": {"people": api.rows}}))

    with pytest.raises(UnreadableError, match="gave the same page twice: check `pages`"):
        bench.load(_people(api))


def test_a_next_page_on_another_server_is_not_followed(api: Api, bench: Bench):
    link = {"Link": '<http://elsewhere.example/people>; rel="next"'}
    api.answer = lambda query: (200, link, json.dumps({"data": {"people": api.rows}}))

    with pytest.raises(UnreadableError, match=r"another server, elsewhere\.example: not followed"):
        bench.load(_people(api, pages={"style": "link"}))
