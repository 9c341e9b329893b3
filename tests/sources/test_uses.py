"""What columns are for, and who is told when one is gone."""

from dataclasses import replace

from cdp_platform.segments.config import SegmentsConfig
from cdp_platform.sources import uses
from cdp_platform.sources.config import Source
from cdp_platform.sources.names import column_of, usable
from tests.sources.conftest import Bench

TICKETS = {
    "name": "support", "kind": "ndjson", "path": "t.ndjson", "key": ["ticket_id"], "personal": ["device"],
    "means": {
        "person": {"record_id": "ticket_id", "email": "requester.email", "updated_at": "touched", "country": "land"},
        "ticket": {"ticket_id": "ticket_id", "created_at": "opened", "subject": "title"},
        "event": {"user_id": "who"},
    },
}  # fmt: skip


def _source(bench: Bench) -> Source:
    return bench.company(TICKETS).sources.sources[0]


def test_a_column_may_serve_several_purposes(bench: Bench):
    found = uses.uses(_source(bench))

    assert found["ticket_id"] == ["key", "person.record_id", "ticket.ticket_id"]
    assert found["requester.email"] == ["person.email"]
    assert found["messageId"] == ["event.message_id"]


def test_what_is_only_a_default_is_not_asked_for(bench: Bench):
    asked = uses.asked_for(_source(bench))

    assert asked["who"] == ["event.user_id"]
    assert "messageId" not in asked


def test_columns_are_personal_by_meaning_or_because_the_user_says_so(bench: Bench):
    columns = ["ticket_id", "requester", "title", "who", "device", "land", "opened", "Traits"]

    assert uses.personal(_source(bench), columns) == ("requester", "title", "who", "device", "Traits")


def test_the_later_version_is_told_by_what_means_updated_at(bench: Bench):
    assert uses.updated_at(_source(bench)) == "touched"


def test_segments_that_need_a_field_are_named(bench: Bench):
    company = bench.company(TICKETS)
    segments = SegmentsConfig.model_validate({
        "segments": [
            {"name": "reachable", "where": {"field": "email", "op": "present"}},
            {"name": "others", "where": {"field": "phone", "op": "present"}},
        ]
    })  # fmt: skip

    told = uses.would_break(replace(company, segments=segments), ["person.email", "key"])

    assert told == (
        "clean.records.email, identity, customers.customers.email, segment reachable and the key of the source"
    )


def test_a_path_starts_at_a_column_unless_a_column_has_its_very_name():
    assert column_of("requester.email", ["Requester"]) == ("Requester", ("email",))
    assert column_of("requester.email", ["requester", "Requester.Email"]) == ("Requester.Email", ())
    assert column_of("phone", ["requester"]) is None


def test_names_are_made_usable():
    assert usable(["a", "A", "", "_row_hash", "a_2"]) == ["a", "A_2", "column_3", "_row_hash_2", "a_2_2"]
