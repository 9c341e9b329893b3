"""The real company, if its files are here: figures that a person can count in the files."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from cdp_platform.shared.home import home
from cdp_platform.shared.warehouse import engine
from tests.clean.conftest import LOADED, Room

PERSON = {"first_name": "first_name", "last_name": "last_name", "email": "email", "phone": "phone",
          "birth_date": "birth_date", "city": "city", "postcode": "postcode"}  # fmt: skip
LINE = {"order_id": "order_id", "sku": "sku", "quantity": "quantity", "unit_price": "unit_price"}
SOURCES = {
    "crm": {"key": ["contact_id"], "person": PERSON | {"record_id": "contact_id", "created_at": "created_at"}},
    "loyalty": {"person": PERSON | {"record_id": "card_number", "loyalty_card": "card_number"}},
    "lines": {"order_line": LINE | {"ordered_at": "ordered_at", "country": "country"}},
    "tills": {"order_line": LINE | {"order_id": "receipt_id", "ordered_at": "sold_at",
                                    "customer": {"source": "loyalty", "column": "card_number"}}},
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, empty_warehouse: Path, real_company: Path) -> Generator[Room]:
    place = home(tmp_path_factory.mktemp("real")).create()
    shutil.copy(empty_warehouse, place.warehouse)
    with engine.connect(place) as con:
        room = Room(con, place)
        load(room, real_company)
        room.clean(SOURCES)
        yield room


def load(room: Room, real_company: Path) -> None:
    csv = "read_csv('{}', all_varchar=true, header=true)"
    files = {
        "crm": csv.format(real_company / "crm/contacts.csv"),
        "loyalty": csv.format(real_company / "loyalty/members.csv"),
        "tills": csv.format(real_company / "pos/receipts.csv.gz"),
        "lines": f"read_parquet('{real_company}/shop/order_lines/2011-1*.parquet')",
    }
    for name, reader in files.items():
        room.con.execute(f"""
            create or replace table raw.{name} as
            select *, timestamp '{LOADED}' as _loaded_at, '' as _source_file, md5(t::varchar) as _row_hash
            from {reader} t""")


def test_every_line_and_every_penny_arrives(shop: Room):
    for raw, amount in (("lines", "quantity * unit_price"), ("tills", "quantity::int * unit_price::double")):
        [[lines, pounds]] = shop.rows(f"select count(*), sum(round({amount}, 4)::decimal(18,4)) from raw.{raw}")
        made = "select count(*), sum(amount) from clean.{} where source = '{}'"
        assert shop.one(made.format("order_lines", raw)) == (lines, pounds)
        assert shop.one(f"select sum(lines), sum(amount) from clean.orders where source = '{raw}'") == (lines, pounds)
    assert not {"rows_reconcile", "amounts_reconcile", "key_is_unique", "records_of_orders_are_known"} & set(
        shop.failing()
    )


def test_the_broken_contacts_are_named(shop: Room):
    assert shop.one("select read, used, repeated, rejected from clean.row_report where source = 'crm'") == (
        11_737, 11_735, 1, 1,
    )  # fmt: skip
    assert shop.rows("select reason from clean.rejected_rows") == [("no record id",)]
    refused = "select field, reason from clean.rejected_values where source = 'crm' and field in ('email', 'phone')"
    assert shop.rows(f"{refused} order by 1") == [("email", "not an address"), ("phone", "not a possible number")]


def test_the_junk_that_was_put_in_is_found(shop: Room):
    junk = dict(shop.rows("select value, records from clean.junk_values"))
    assert junk["test@test.com"] == 44
    assert junk["info@info.com"] == 54
    assert junk["+44000000000"] == 127
    found = "select count(*) from clean.records where email = 'test@test.com' and email_key is not null"
    assert shop.one(found) == (0,)
