"""What a user may write, and what is refused with its place."""

from typing import Any

import pytest
from pydantic import ValidationError

from cdp_platform.destinations.config import DestinationsConfig, problems
from cdp_platform.segments.config import SegmentsConfig
from tests.destinations.shop import company_of, sync


def found(**changes: Any) -> list[tuple[tuple[str | int, ...], str]]:
    company = company_of(sync(**changes))
    vip = {"name": "vip", "where": {"field": "orders", "op": "gte", "value": 1}}
    segments = SegmentsConfig.model_validate({"segments": [vip]})
    company = type(company)(**{**vars(company), "segments": segments})
    return [(p.path, p.message) for p in problems(company.destinations, company)]


def test_a_sync_without_mistakes() -> None:
    assert found() == []


def test_a_sync_without_a_purpose_is_refused() -> None:
    written = sync()
    del written["purpose"]
    with pytest.raises(ValidationError, match="purpose"):
        DestinationsConfig.model_validate({"syncs": [written]})


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"segment": "vipp"}, ("syncs", 0, "segment"), "no segment is called 'vipp'"),
        ({"purpose": "email"}, ("syncs", 0, "purpose"), "no purpose is called 'email'"),
        ({"mapping": {"id": "customer_idd"}}, ("syncs", 0, "mapping", "id"), "no field is called 'customer_idd'"),
        ({"mapping": {"n": {"template": "{first} x"}}}, ("syncs", 0, "mapping", "n"), "no field is called 'first'"),
        ({"key": "mail"}, ("syncs", 0, "key"), "the key 'mail'"),
        ({"key": "c", "mapping": {"c": {"value": 1}}}, ("syncs", 0, "key"), "the key 'c'"),
        (
            {"destination": {"kind": "postgres", "url_env": "X", "table": "a.b"}},
            ("syncs", 0, "key"),
            "the key 'customer_id' is not a field of the mapping",
        ),
        (
            {"segment": None, "everyone": True, "mapping": {"since": "segment.entered_on"}},
            ("syncs", 0, "mapping", "since"),
            "needs a segment",
        ),
    ],
)
def test_mistakes_across_rooms_have_a_place(changes: dict[str, Any], path: tuple[Any, ...], words: str) -> None:
    [(where, message)] = found(**changes)
    assert where == path
    assert words in message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"everyone": True}, "either a segment"),
        ({"segment": None}, "either a segment"),
        ({"mapping": {}}, "at least 1 item"),
        ({"mapping": {"a": {"field": "email", "value": 1}}}, "exactly one of"),
        ({"mapping": {"a": {"field": "email", "transform": ["sha256", "lower"]}}}, "sha256 must be the last"),
        ({"mapping": {"a": {"field": "email", "transform": ["rot13"]}}}, "'trim', 'lower'"),
        ({"destination": {"kind": "fax"}}, "'csv', 'webhook', 'postgres'"),
        ({"destination": {"kind": "webhook", "url": "https://x"}}, "url_env"),
        ({"guards": {"most_removals": 30}}, "less than or equal to 1"),
    ],
)
def test_a_sync_that_cannot_be_meant_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        company_of(sync(**changes))


def test_two_syncs_cannot_write_one_file_or_share_a_name() -> None:
    with pytest.raises(ValidationError, match="files written by two syncs"):
        company_of(sync(), sync(name="other"))
    with pytest.raises(ValidationError, match="sync names used twice"):
        company_of(sync(), sync(destination={"kind": "csv", "path": "b.csv"}))
