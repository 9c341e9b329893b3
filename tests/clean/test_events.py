import json
from datetime import datetime, timedelta
from typing import Any

from tests.clean.conftest import Room

EVENTS_AND_RECORDS = ("events", "records")
START = datetime(2026, 6, 1, 12)


def at(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat() + "Z"


def event(minutes: float, device: str | None = "d1", user: str | None = None, kind: str = "page", **more: Any):
    sent = {
        "messageId": f"m{minutes}-{device}-{user}-{kind}", "type": kind, "event": None, "name": None, "userId": user,
        "anonymousId": device, "timestamp": at(minutes), "sentAt": at(minutes), "receivedAt": at(minutes),
        "properties": "{}", "traits": None,
    }  # fmt: skip
    return sent | {k: json.dumps(v) if isinstance(v, dict) else v for k, v in more.items()}


def web(room: Room, *events: dict[str, Any], user: str | None = "shop", only: tuple[str, ...] = ("events",)) -> None:
    room.raw("shop", [{"id": "1"}, {"id": "2"}])
    room.raw("web", events, properties="json", traits="json")
    meaning = {"event": {"user": user} if user else {}}
    room.clean({"shop": {"person": {"record_id": "id"}}, "web": meaning}, only)


TIMES = {
    "right clock": (at(0), at(0), at(0), START, "client"),
    "slow network": (at(0), at(0), at(0.05), START, "client"),
    "clock an hour ahead": (at(60), at(61), at(1), START, "corrected"),
    "import of an old event": (at(-60 * 24), at(0), at(0), START - timedelta(days=1), "client"),
    "sent before it happened": (at(5), at(0), at(1), START + timedelta(minutes=1), "received"),
    "no time of its own": (None, at(0), at(1), START + timedelta(minutes=1), "received"),
    "unreadable time": ("soon", at(0), at(1), START + timedelta(minutes=1), "received"),
    "no time of sending": (at(0), None, at(1), START + timedelta(minutes=1), "received"),
    "only its own time": (at(0), None, None, START, "client"),
    "only the time of sending": (None, at(0), None, START, "received"),
}
"""timestamp, sentAt, receivedAt, and what becomes of them."""


def test_the_time_of_an_event(room: Room):
    web(room, *(event(0, messageId=name, timestamp=happened, sentAt=sent, receivedAt=received)
                for name, (happened, sent, received, _, _) in TIMES.items()))  # fmt: skip
    found = {key: times for key, *times in room.rows("select event_id, occurred_at, time_quality from clean.events")}
    assert found == {f"web:{name}": [occurred, quality] for name, (*_, occurred, quality) in TIMES.items()}


def test_the_original_timestamp_comes_before_the_timestamp(room: Room):
    web(room, event(0, originalTimestamp=at(0), timestamp=at(9), sentAt=at(9.01), receivedAt=at(9.01)))
    assert room.one("select occurred_at from clean.events") == (START,)


def test_a_message_counts_once_and_its_first_delivery(room: Room):
    first = event(0, messageId="m", receivedAt=at(1), sentAt=at(0))
    again = event(0, messageId="m", receivedAt=at(9), sentAt=at(8))
    web(room, again, first, only=("events", "report"))
    assert room.one("select event_id, received_at from clean.events") == ("web:m", START + timedelta(minutes=1))
    report = "select read, used, repeated, rejected from clean.row_report where entity = 'events'"
    assert room.one(report) == (2, 1, 1, 0)


def test_an_event_without_message_id_is_known_by_its_content(room: Room):
    web(room, event(0, messageId=None), event(0, messageId=None), event(1, messageId=None))
    assert room.one("select count(*), count(distinct event_id) from clean.events") == (2, 2)


def test_events_that_cannot_be_used_are_kept_aside(room: Room):
    web(room, event(0, type=None), event(1, kind="purchase"), event(2, device=None),
        event(3, timestamp=None, sentAt=None, receivedAt=None), only=("events", "report"))  # fmt: skip
    assert [reason for (reason,) in room.rows("select reason from clean.rejected_rows order by 1")] == [
        "neither user id nor anonymous id",
        "no type",
        "no usable time",
        "not a known type of event",
    ]


def test_properties_become_columns(room: Room):
    web(
        room,
        event(0, kind="track", event="Order Completed",
              properties={"order_id": 536365, "revenue": 12.5, "currency": "gbp", "products": [{"sku": "x"}]}),
        event(1, kind="track", event="Product Viewed", properties={"product_id": "85123A"}),
        event(2, name="Home", properties={"path": "/"}),
    )  # fmt: skip
    found = "select event, page, path, sku, order_id, value::double, currency from clean.events order by occurred_at"
    assert room.rows(found) == [
        ("Order Completed", None, None, None, "536365", 12.5, "GBP"),
        ("Product Viewed", None, None, "85123A", None, None, None),
        ("page", "Home", "/", None, None, None, None),
    ]


def tied(room: Room) -> list[tuple[str | None, str | None]]:
    return room.rows("select record_key, tied_by from clean.events order by occurred_at, event_id")


def test_an_unknown_device_is_tied_to_who_identifies_on_it(room: Room):
    web(room, event(0), event(1, user="1", kind="identify"), event(2), event(3, device="other"))
    assert tied(room) == [("shop:1", "identify"), ("shop:1", "user_id"), ("shop:1", "identify"), (None, None)]


def test_a_visit_long_before_the_login_stays_unknown(room: Room):
    day = 24 * 60
    web(room, event(0), event(20 * day), event(31 * day, user="1"))
    assert tied(room) == [(None, None), ("shop:1", "identify"), ("shop:1", "user_id")]


def test_a_shared_device_changes_hands_and_nobody_is_merged(room: Room):
    web(room, event(0, user="1"), event(1), event(2, user="2"), event(3), event(4, user="1"), event(5))
    assert [record for record, _ in tied(room)] == ["shop:1", "shop:1", "shop:2", "shop:2", "shop:1", "shop:1"]


def test_an_email_said_on_a_device_makes_a_record_of_the_device(room: Room):
    web(room, event(0), event(1, kind="identify", traits={"email": "Ann@web.de"}), only=EVENTS_AND_RECORDS)
    assert tied(room) == [("web:d1", "identify"), ("web:d1", "identify")]
    found = "select origin, email, device_id, customer_number from clean.records where source = 'web'"
    assert room.one(found) == ("identify", "ann@web.de", "d1", None)


def test_traits_make_a_record_of_the_user_with_the_last_word_on_each(room: Room):
    web(
        room,
        event(0, user="1", kind="identify", traits={"email": "old@web.de", "phone": "07150 697101"}),
        event(1, user="1", kind="identify", device="d2", traits={"email": "new@web.de", "firstName": "Ann"}),
        event(2, user="1", kind="identify", device="d2", traits={"email": None, "address": {"postalCode": "ls14ap"}}),
        only=EVENTS_AND_RECORDS,
    )  # fmt: skip
    found = """select record_key, origin, first_name, email, phone, postcode, customer_number, device_id, created_at,
               updated_at from clean.records where source = 'web'"""
    assert room.one(found) == (
        "web:1", "identify", "ann", "new@web.de", "+447150697101", "LS1 4AP", "1", "d2", START,
        START + timedelta(minutes=2),
    )  # fmt: skip


def test_a_user_nobody_described_is_known_by_reference(room: Room):
    web(room, event(0, user="9"), only=EVENTS_AND_RECORDS)
    assert room.one("select record_key from clean.records where origin = 'reference'") == ("shop:9",)


def test_a_user_id_that_stands_for_nobody_is_none(room: Room):
    web(room, event(0, user="0"), event(1, user="null"))
    assert tied(room) == [(None, None), (None, None)]


def test_without_a_source_of_users_each_user_is_a_record_of_the_events(room: Room):
    web(room, event(0, user="1", kind="identify", traits={"email": "ann@web.de"}), event(1, user="2"), user=None,
        only=EVENTS_AND_RECORDS)  # fmt: skip
    found = "select record_key, origin, customer_number from clean.records where source = 'web' order by 1"
    assert room.rows(found) == [("web:1", "identify", None), ("web:2", "reference", None)]


def test_a_session_ends_after_thirty_minutes_of_silence(room: Room):
    web(room, event(0, properties={"path": "/in"}), event(30), event(60.1), event(61, device="d2"),
        event(62, device=None, user="1"))  # fmt: skip
    found = "select session_id, events, landing_path from clean.sessions order by 1"
    assert room.rows(found) == [("web:d1:1", 2, "/in"), ("web:d1:2", 1, None), ("web:d2:1", 1, None),
                                ("web:user-1:1", 1, None)]  # fmt: skip


def test_a_session_counts_what_happened_in_it(room: Room):
    def track(minutes: float, name: str, sku: str | None = None, user: str | None = None):
        return event(minutes, user=user, kind="track", event=name, properties={"sku": sku})

    web(room, event(0), track(1, "Product Viewed", "a"), track(2, "Product Viewed", "a"),
        track(3, "Product Added", "a"), track(4, "Order Completed", user="1"))  # fmt: skip
    found = "select record_key, events, page_views, products_viewed, added_to_basket, ordered from clean.sessions"
    assert room.one(found) == ("shop:1", 5, 1, 1, 1, True)
