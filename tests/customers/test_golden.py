"""Which record's value becomes the customer's, and where it came from."""

from datetime import datetime

import pytest

from tests.customers.conftest import ANN, BOB, CAL, Ask, day


@pytest.mark.parametrize(
    ("customer", "field", "value", "record_key", "rule"),
    [
        (ANN, "first_name", "ann", "loyalty:1", "most_frequent"),  # two of three records, the newest of them
        (ANN, "last_name", "smith", "crm:2", "most_frequent"),
        (BOB, "first_name", "robert", "crm:4", "most_frequent"),  # as frequent as bob, but longer
        (ANN, "birth_date", "1980-01-02", "crm:2", "most_frequent"),
        (ANN, "email", "ann@shop.example", "shop:1", "source_priority"),  # the shop is trusted most
        (BOB, "email", "family@home.example", "crm:3", "source_priority"),
        (ANN, "phone", "+4430", "crm:2", "most_recent"),  # +4499 is newer, but junk
        (CAL, "phone", "+4455", "crm:6", "most_recent"),
        (ANN, "gender", "female", "crm:1", "oldest"),
    ],
)
def test_a_rule_chooses_the_value(ask: Ask, customer: str, field: str, value: str, record_key: str, rule: str):
    found = ask(
        "select value, record_key, rule from customers.attribute_values where customer_id = ? and field = ?",
        customer,
        field,
    )
    assert found == [(value, record_key, rule)]


def test_a_value_carries_its_source_and_time(ask: Ask):
    found = ask(
        "select email_source, email_at, phone_source, phone_at from customers.customers where customer_id = ?", ANN
    )
    assert found == [("shop", day("02-02"), "crm", day("06-01"))]


def test_an_address_is_of_one_home(ask: Ask):
    # crm:2 is newer and has a street and a city, but crm:1 says more; a postcode of one and a city of the other would
    # be an address that nobody lives at.
    found = ask("select address, city, postcode from customers.customers where customer_id = ?", ANN)
    assert found == [("1 high st", "leeds", "LS1 1AA")]


def test_a_town_is_not_added_to_the_postcode_of_another_record(ask: Ask):
    # Nothing says that the record in bath is of the home in SW1.
    assert ask("select city, postcode from customers.customers where customer_id = ?", CAL) == [(None, "SW1 1AA")]


def test_a_record_that_does_not_contradict_gives_the_country(ask: Ask):
    # Ann's comes from a record without an address. Bob's from a record of the same postcode, not from the one in Paris.
    found = ask(
        "select customer_id, country, country_source from customers.customers where country is not null order by all"
    )
    assert found == [(ANN, "GB", "loyalty"), (BOB, "GB", "crm")]
    [[key]] = ask("select record_key from customers.attribute_values where customer_id = ? and field = 'country'", BOB)
    assert key == "crm:5"


def test_every_golden_value_stands_in_its_record(ask: Ask):
    for field in ("first_name", "email", "phone", "city", "postcode"):
        [[strays]] = ask(
            f"""select count(*) from customers.attribute_values v
                where v.field = '{field}' and not exists (
                    select 1 from clean.records r join identity.customer_ids i using (record_key)
                    where r.record_key = v.record_key and i.customer_id = v.customer_id and r.{field} = v.value)"""
        )
        assert strays == 0


def test_junk_is_an_identifier_that_cannot_be_used(ask: Ask):
    found = ask(
        "select kind, value, usable, sources, records from customers.identifiers "
        "where customer_id = ? and kind in ('email', 'phone') order by all",
        ANN,
    )
    assert found == [
        ("email", "ann@crm.example", True, ["crm"], 1),
        ("email", "ann@old.example", True, ["crm"], 1),
        ("email", "ann@shop.example", True, ["shop"], 1),
        ("email", "test@test.com", False, ["loyalty"], 1),
        ("phone", "+4420", True, ["crm"], 1),
        ("phone", "+4430", True, ["crm"], 1),
        ("phone", "+4499", False, ["loyalty"], 1),
    ]


def test_devices_of_sessions_are_identifiers(ask: Ask):
    found = ask(
        "select customer_id, value, sources, first_seen_at, last_seen_at from customers.identifiers "
        "where kind = 'device_id'"
    )
    assert found == [(ANN, "d-1", ["shop", "web"], day("02-02"), datetime(2025, 3, 31, 9, 4))]
