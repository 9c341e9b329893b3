"""The suppression list: hashes, last word counts, found by any identifier."""

import hashlib
import hmac
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from cdp_platform.privacy import suppression
from cdp_platform.privacy.suppression_sql import suppressed_customers
from cdp_platform.shared.home import Home, home

NOON = datetime(2026, 11, 23, 12)


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return home(tmp_path)


def suppress(place: Home, kind: suppression.Kind, value: str) -> None:
    suppression.add(place, kind, value, reason="asked", by="Ann", now=NOON)


def test_nobody_is_suppressed_at_first_and_asking_creates_nothing(place: Home) -> None:
    assert suppression.in_force(place) == suppression.Suppressed(0, b"", {})
    assert not place.control.exists()


def test_an_entry_says_who_when_and_why_but_not_whom(place: Home) -> None:
    suppress(place, "email", " Ann@Shop.Example ")

    [entry] = suppression.listed(place)

    assert (entry.kind, entry.reason, entry.by, entry.at) == ("email", "asked", "Ann", NOON)
    key = suppression.in_force(place).key
    assert entry.hash == hmac.new(key, b"ann@shop.example", hashlib.sha256).hexdigest()
    stored = b"".join(file.read_bytes() for file in place.folder.iterdir())
    assert b"ann@shop" not in stored.lower()


def test_the_last_word_counts_and_every_word_moves_the_version(place: Home) -> None:
    suppress(place, "customer_id", "C1")
    suppression.remove(place, "customer_id", "C1", reason="mistake", by="Ben", now=NOON)
    lifted = suppression.in_force(place)
    suppress(place, "customer_id", "C1")
    again = suppression.in_force(place)

    assert (lifted.version, lifted.hashes) == (2, {})
    assert again.version == 3
    assert len(again.hashes["customer_id"]) == 1


def test_a_phone_is_the_same_however_it_is_written(place: Home) -> None:
    suppress(place, "phone", "020 7946 0958")
    suppress(place, "phone", "+44 (0)20 7946 0958")

    assert len(suppression.in_force(place).hashes["phone"]) == 1


@pytest.mark.parametrize(("kind", "value"), [("email", "ann at shop"), ("phone", "call me"), ("customer_id", "  ")])
def test_a_value_of_the_wrong_kind_is_refused_without_repeating_it(
    place: Home, kind: suppression.Kind, value: str
) -> None:
    with pytest.raises(ValueError, match="that is not") as refusal:
        suppress(place, kind, value)
    assert value.strip() == "" or value not in str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("customer_id", "C1", {"C1"}),
        ("customer_id", "C9", {"C2"}),  # merged into C2
        ("email", "ANN@shop.example", {"C1"}),
        ("email", "old@shop.example", {"C1"}),  # an older address of the same customer
        ("phone", "+442079460958", {"C2"}),
        ("email", "nobody@shop.example", set()),
    ],
)
def test_customers_are_found_by_any_identifier_and_any_former_id(
    place: Home, kind: suppression.Kind, value: str, expected: set[str]
) -> None:
    suppress(place, kind, value)
    con = duckdb.connect()
    con.execute("attach ':memory:' as published")
    con.execute("create schema published.customers; create schema published.identity")
    con.execute(
        "create table published.customers.customers as from (values ('C1', 'ann@shop.example', null), "
        "('C2', null, '+442079460958')) t(customer_id, email, phone)"
    )
    con.execute(
        "create table published.customers.identifiers as from (values ('C1', 'email', 'old@shop.example'), "
        "('C1', 'email', 'ann@shop.example')) t(customer_id, kind, value)"
    )
    con.execute("create table published.identity.crosswalk as from (values ('C9', 'C2')) t(issued_id, customer_id)")

    suppressed_customers(con, suppression.in_force(place))

    assert {row[0] for row in con.execute("from suppressed").fetchall()} == expected
