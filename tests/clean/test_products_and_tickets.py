from datetime import datetime
from decimal import Decimal

from tests.clean.conftest import Room


def test_the_first_source_describes_a_product(room: Room):
    room.raw("shop", [{"sku": "1", "name": " Tea   pot ", "price": "£3.50"}, {"sku": None, "name": "?", "price": "1"}])
    room.raw("warehouse", [{"sku": "1", "name": "TEAPOT", "price": "9"}, {"sku": "2", "name": "Cup", "price": "cheap"}])
    means = {"product": {"sku": "sku", "name": "name", "price": "price"}}
    room.clean({"shop": means, "warehouse": means})
    assert room.rows("select sku, name, price, source from clean.products order by 1") == [
        ("1", "Tea pot", Decimal("3.50"), "shop"),
        ("2", "Cup", None, "warehouse"),
    ]
    report = "select source, used, repeated, rejected from clean.row_report order by 1"
    assert room.rows(report) == [("shop", 1, 0, 1), ("warehouse", 1, 1, 0)]
    assert room.one("select field, value, reason from clean.rejected_values") == ("price", "cheap", "not a number")


def test_a_ticket_is_of_the_person_it_describes(room: Room):
    room.raw("support", [
        {"id": "T1", "about": "Late  delivery", "state": "OPEN", "csat": "4", "time": "2020-01-02T03:04:05Z",
         "requester": '{"name": "Ann Lee", "email": "ann@web.de"}'},
        {"id": "T2", "about": "x", "state": "open", "csat": "good", "time": "never", "requester": "{}"},
    ], requester="json")  # fmt: skip
    room.clean({"support": {
        "person": {"record_id": "id", "full_name": "requester.name", "email": "requester.email"},
        "ticket": {"ticket_id": "id", "subject": "about", "status": "state", "score": "csat", "created_at": "time"},
    }})  # fmt: skip
    assert room.rows("select ticket_key, record_key, subject, status, score, created_at from clean.tickets") == [
        ("support:T1", "support:T1", "Late delivery", "open", Decimal(4), datetime(2020, 1, 2, 3, 4, 5))
    ]
    found = "select first_name, last_name, email from clean.records where record_key = 'support:T1'"
    assert room.one(found) == ("ann", "lee", "ann@web.de")


def test_a_ticket_may_point_to_somebody_elses_record(room: Room):
    room.raw("crm", [{"id": "1"}])
    room.raw(
        "support", [{"id": "T1", "who": "1", "time": "2020-01-02"}, {"id": "T1", "who": "1", "time": "2020-01-03"}]
    )
    room.clean({
        "crm": {"person": {"record_id": "id"}},
        "support": {"ticket": {"ticket_id": "id", "created_at": "time",
                               "customer": {"source": "crm", "column": "who"}}},
    })  # fmt: skip
    assert room.rows("select record_key, created_at from clean.tickets") == [("crm:1", datetime(2020, 1, 3))]
    assert room.one("select used, repeated from clean.row_report where entity = 'tickets'") == (1, 1)
