"""Which records become one customer, and which must not."""

import random
from collections.abc import Callable
from datetime import date

import pytest

from cdp_platform.identity.evaluate import evaluate
from tests.identity.conftest import Room
from tests.identity.people import town

BORN = date(1970, 5, 17)


def test_records_with_a_mailbox_and_a_name_in_common_are_one(room: Room) -> None:
    room.records([
        {"key": "shop:1", "first_name": "robert", "last_name": "harwick", "email_key": "rh@example.org"},
        {"key": "crm:9", "first_name": "bob", "last_name": "harwick", "email_key": "rh@example.org"},
        {"key": "crm:8", "first_name": "mary", "last_name": "linford", "email_key": "ml@example.org"},
    ])  # fmt: skip
    room.run()
    assert room.groups() == {frozenset({"shop:1", "crm:9"}), frozenset({"crm:8"})}
    rows = room.con.execute("select record_key, representative, rule from identity.records order by 1").fetchall()
    assert rows == [("crm:8", "crm:8", None), ("crm:9", "crm:9", "email"), ("shop:1", "crm:9", "email")]


def test_a_household_that_shares_everything_stays_apart(room: Room) -> None:
    shared = {
        "last_name": "harwick", "email_key": "harwicks@example.org", "phone_key": "+447700900123",
        "address": "1 mill lane", "postcode": "AB1 2CD", "city": "leeds",
    }  # fmt: skip
    room.records([
        {"key": "crm:1", "first_name": "robert"} | shared,
        {"key": "crm:2", "first_name": "susan"} | shared,
        {"key": "shop:1", "first_name": "susan"} | shared,
    ])  # fmt: skip
    room.run()
    assert room.groups() == {frozenset({"crm:1"}), frozenset({"crm:2", "shop:1"})}


def test_father_and_son_of_one_name_stay_apart(room: Room) -> None:
    shared = {"first_name": "john", "last_name": "harwick", "email_key": "harwicks@example.org"}
    room.records([
        {"key": "crm:1", "birth_date": date(1950, 3, 4)} | shared,
        {"key": "crm:2", "birth_date": date(1982, 11, 20)} | shared,
    ])  # fmt: skip
    room.run()
    assert not room.together("crm:1", "crm:2")


def test_a_value_that_many_names_hold_joins_nobody(room: Room) -> None:
    names = ["anna", "ben", "clara", "david", "emma", "frank"]
    room.records([{"key": f"crm:{n}", "first_name": n, "email_key": "info@example.org"} for n in names])
    room.run()
    assert len(room.groups()) == 6


def test_a_shared_device_does_not_merge_two_accounts(room: Room) -> None:
    room.records([
        {"key": "web:1", "customer_number": "1", "device_id": "tablet", "email_key": "a@example.org"},
        {"key": "web:2", "customer_number": "2", "device_id": "tablet", "email_key": "b@example.org"},
        {"key": "shop:1", "customer_number": "1", "first_name": "anna", "last_name": "harwick"},
    ])  # fmt: skip
    room.run()
    assert room.groups() == {frozenset({"web:1", "shop:1"}), frozenset({"web:2"})}


def test_an_account_number_joins_what_evidence_left_apart(room: Room) -> None:
    room.records([
        {"key": "shop:1", "first_name": "anna", "last_name": "harwick", "customer_number": "77"},
        {"key": "till:1", "first_name": "susan", "last_name": "linford", "customer_number": "77"},
    ])  # fmt: skip
    room.run()
    assert room.together("shop:1", "till:1")
    edges = room.con.execute("select left_key, right_key, match_weight, method, used from identity.edges").fetchall()
    assert edges == [("shop:1", "till:1", None, "customer_number", True)]


def test_an_account_number_that_joins_too_many_people_joins_nobody(room: Room) -> None:
    names = ["anna", "ben", "clara", "david", "emma"]
    room.records([
        {"key": f"till:{n}", "first_name": n, "last_name": f"{n}ford", "customer_number": "77"} for n in names
    ])  # fmt: skip
    room.run()
    assert len(room.groups()) == 5


@pytest.mark.parametrize("nobody", ["0", "000-000", "unknown", "-1"])
def test_what_systems_write_for_no_number_is_no_number(room: Room, nobody: str) -> None:
    room.records([{"key": "till:1", "customer_number": nobody}, {"key": "till:2", "customer_number": nobody}])
    room.run()
    assert not room.together("till:1", "till:2")


def test_a_reference_joins_its_account(room: Room) -> None:
    room.records([
        {"key": "shop:5", "first_name": "anna", "email_key": "anna@example.org", "customer_number": "5"},
        {"key": "web:5", "origin": "reference", "customer_number": "5"},
    ])  # fmt: skip
    room.run()
    assert room.together("shop:5", "web:5")


def test_no_records(room: Room) -> None:
    room.records([])
    room.run()
    assert room.groups() == set()
    assert room.con.execute("select count(*) from identity.quality").fetchall()[0][0] > 0


def test_one_record(room: Room) -> None:
    room.records([{"key": "crm:1", "first_name": "anna"}])
    room.run()
    assert room.groups() == {frozenset({"crm:1"})}


@pytest.mark.parametrize(
    ("column", "same", "other", "joined"),
    [
        ("email_key", "a@example.org", "b@example.org", True),
        ("phone_key", "+447700900123", "+447700900999", True),
        ("device_id", "d1", "d2", True),
        ("loyalty_card", "L1", "L2", True),
        ("customer_number", "11", "12", True),
        ("first_name", "anna", "ben", False),
        ("last_name", "harwick", "linford", False),
        ("birth_date", BORN, date(1980, 2, 3), False),
        ("postcode", "AB1 2CD", "XY9 8ZW", False),
        ("city", "leeds", "york", False),
        ("gender", "female", "male", False),
    ],
)
def test_one_column_alone(room: Room, column: str, same: object, other: object, joined: bool) -> None:
    """An identifier says enough by itself, an attribute never does."""
    room.records([{"key": "a:1", column: same}, {"key": "a:2", column: same}, {"key": "a:3", column: other}])
    room.run()
    assert room.together("a:1", "a:2") is joined
    assert not room.together("a:1", "a:3")


def test_a_town_is_recognised(room: Room) -> None:
    records, truth = town(500)
    room.records(records)
    room.run()
    room.con.execute("create temp table truth as select unnest($k) as id, unnest($p) as person",
                     {"k": list(truth), "p": list(truth.values())})  # fmt: skip
    scores = evaluate(
        room.con, "select record_key as id, customer_id as grouped from identity.customer_ids", "from truth"
    )
    assert scores.precision > 0.95
    assert scores.recall > 0.9


def test_row_order_and_threads_change_nothing(room: Room) -> None:
    records, _ = town(250)
    tables = ("records", "edges", "models", "clusters", "customer_ids", "crosswalk", "quality")

    def content() -> dict[str, list[tuple[object, ...]]]:
        return {t: room.con.execute(f"from identity.{t} order by all").fetchall() for t in tables}

    room.records(records)
    room.con.execute("set threads = 1")
    room.run()
    first = content()
    for table in tables:
        room.con.execute(f"drop table identity.{table}")
    random.Random(3).shuffle(records)
    room.records(records)
    room.con.execute("set threads = 4")
    room.run()
    assert content() == first


def test_settings_are_obeyed(room_with: Callable[..., Room]) -> None:
    names = ["anna", "ben", "clara"]
    rows = [{"key": f"till:{n}", "first_name": n, "loyalty_card": "77"} for n in names]
    strict = room_with(identifiers={"loyalty_card": {"cap": 2, "authoritative": True}})
    strict.records(rows)
    strict.run()
    assert len(strict.groups()) == 3
    generous = room_with(identifiers={"loyalty_card": {"cap": 3, "authoritative": True}})
    generous.run()
    assert len(generous.groups()) == 1
