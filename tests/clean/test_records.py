import json
from datetime import date, datetime

from tests.clean.conftest import Room

PERSON = {
    "record_id": "id", "first_name": "first", "last_name": "last", "email": "mail", "phone": "tel",
    "birth_date": "born", "gender": "sex", "address": "street", "city": "town", "postcode": "zip",
    "country": "land", "created_at": "made",
    "updated_at": "changed", "attributes": {"job": "work", "size": "shoe"},
}  # fmt: skip
CRM = {"key": ["id"], "person": PERSON}
COLUMNS = ("id", "first", "last", "mail", "tel", "born", "sex", "street", "town", "zip", "land", "made", "changed",
           "work", "shoe")  # fmt: skip


def contact(key: str | None, **values: str) -> dict[str, str | None]:
    return dict.fromkeys(COLUMNS) | {"id": key} | values


def test_every_value_is_standardised_and_kept_as_read(room: Room):
    room.raw("crm", [contact(
        "C1", first="Dr. José", last="VAN DER Berg", mail=" J.Berg+x@GMAIL.com", tel="07150 697101", born="13/11/1979",
        sex="M", street=" 5  High Street", town="LEEDS", zip="ls14ap", land="England", made="2020-01-02T03:04:05+01:00",
        work="baker",
    )])  # fmt: skip
    room.clean({"crm": CRM})
    [row] = room.con.sql("from clean.records").pl().to_dicts()
    assert json.loads(row.pop("attributes")) == {"job": "baker"}
    assert row == {
        "record_key": "crm:C1", "source": "crm", "record_id": "C1", "origin": "source", "title": "dr",
        "first_name": "josé", "first_name_raw": "Dr. José", "last_name": "van der berg",
        "last_name_raw": "VAN DER Berg", "name_key": "josevanderberg", "email": "j.berg+x@gmail.com",
        "email_raw": " J.Berg+x@GMAIL.com",
        "email_key": "jberg@gmail.com", "email_hint": None, "phone": "+447150697101", "phone_raw": "07150 697101",
        "phone_key": "+447150697101", "birth_date": date(1979, 11, 13), "birth_date_raw": "13/11/1979",
        "gender": "male", "address": "5 high street", "city": "leeds", "postcode": "LS1 4AP",
        "postcode_raw": "ls14ap", "country": "GB",
        "country_raw": "England", "customer_number": None, "loyalty_card": None, "device_id": None,
        "created_at": datetime(2020, 1, 2, 2, 4, 5), "updated_at": datetime(2020, 1, 2, 2, 4, 5),
    }  # fmt: skip


def test_the_records_own_country_is_the_region_of_its_phone(room: Room):
    room.raw("crm", [contact("1", tel="030 901820", land="Germany"), contact("2", tel="020 79460018")])
    room.clean({"crm": CRM}, country="GB")
    phones = dict(room.rows("select record_id, phone from clean.records"))
    assert phones == {"1": "+4930901820", "2": "+442079460018"}


def test_a_value_that_makes_no_sense_is_refused_and_its_row_used(room: Room):
    room.raw("crm", [contact("1", mail="ann.lee@@mail", tel="12", born="1973-70-01", sex="?!", zip="!!", land="Narnia",
                             made="yesterday")])  # fmt: skip
    room.clean({"crm": CRM})
    assert room.rows('select field, "row", value, reason from clean.rejected_values order by 1') == [
        ("birth_date", "1", "1973-70-01", "not a date"),
        ("country", "1", "Narnia", "not a known country"),
        ("created_at", "1", "yesterday", "not a time"),
        ("email", "1", "ann.lee@@mail", "not an address"),
        ("gender", "1", "?!", "not a known word"),
        ("phone", "1", "12", "not a possible number"),
        ("postcode", "1", "!!", "does not look like a postcode"),
    ]
    assert room.one("select count(*), count(email), count(email_raw) from clean.records") == (1, 0, 1)


def test_a_row_without_key_is_refused_and_a_repeated_key_counts_once(room: Room):
    room.raw("crm", [
        contact(None, first="no", last="key"),
        contact("1", first="old", changed="2020-01-01"), contact("1", first="new", changed="2021-01-01"),
        contact("2", first="same"), contact("2", first="same"),
    ])  # fmt: skip
    room.clean({"crm": CRM})
    assert room.rows("select record_id, first_name from clean.records order by 1") == [("1", "new"), ("2", "same")]
    assert room.one("select read, used, repeated, rejected from clean.row_report") == (5, 2, 2, 1)
    assert room.one("select reason, content ->> 'last' from clean.rejected_rows") == ("no record id", "key")
    assert "rows_reconcile" not in room.failing()


def test_a_birth_date_after_the_day_of_a_closed_data_set_is_refused(room: Room):
    room.raw("crm", [contact("1", born="2012-01-01"), contact("2", born="2001-01-01")])
    room.clean({"crm": CRM}, as_of=date(2011, 12, 10))
    assert dict(room.rows("select record_id, birth_date from clean.records")) == {"1": None, "2": date(2001, 1, 1)}


def test_junk_keeps_its_value_and_loses_its_key(room: Room):
    room.raw("crm", [
        contact("1", mail="test@test.com", tel="0000000000"), contact("2", mail="Test@Test.com"),
        contact("3", mail="info@bakery.co.uk", tel="07150 697101"),
    ])  # fmt: skip
    room.clean({"crm": CRM})
    assert room.rows("select email, email_key, phone, phone_key from clean.records order by record_id") == [
        ("test@test.com", None, "+44000000000", None),
        ("test@test.com", None, None, None),
        ("info@bakery.co.uk", None, "+447150697101", "+447150697101"),
    ]
    assert room.rows("from clean.junk_values order by all") == [
        ("email", "info@bakery.co.uk", "role mailbox", 1),
        ("email", "test@test.com", "placeholder domain", 2),
        ("phone", "+44000000000", "repeated digits", 1),
    ]


def test_a_mailbox_of_many_names_is_junk_and_a_familys_is_not(room: Room):
    names = ("ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal")
    crowd = [contact(f"c{n}", first=name, mail=f"desk+{n}@gmail.com") for n, name in enumerate(names)]
    family = [contact(f"f{n}", first=name, mail="lees@web.de") for n, name in enumerate(names[:7])]
    room.raw("crm", crowd + family)
    room.clean({"crm": CRM})
    assert room.one("select count(*), min(reason) from clean.junk_values") == (8, "held by 8 first names")
    assert room.rows("select distinct email_key from clean.records") in ([(None,), ("lees@web.de",)],
                                                                         [("lees@web.de",), (None,)])  # fmt: skip


def test_many_records_of_one_name_are_one_busy_person(room: Room):
    busy = [contact(f"b{n}", first="ann", tel="07150 697101") for n in range(45)]
    switchboard = [contact(f"s{n}", first=("ann", "bob")[n % 2], tel="07150 697102") for n in range(45)]
    room.raw("crm", busy + switchboard)
    room.clean({"crm": CRM})
    assert room.rows("select value, reason from clean.junk_values") == [("+447150697102", "held by 45 records")]


def test_a_typo_in_a_well_known_domain_is_flagged_and_left(room: Room):
    room.raw("crm", [contact("1", mail="ann@gmial.com"), contact("2", mail="bob@gmail.com")])
    room.clean({"crm": CRM})
    assert room.rows("select email, email_key, email_hint from clean.records order by record_id") == [
        ("ann@gmial.com", "ann@gmial.com", "ann@gmail.com"),
        ("bob@gmail.com", "bob@gmail.com", None),
    ]


def test_a_reference_makes_a_record_known_by_its_key(room: Room):
    room.raw("crm", [contact("1")])
    room.raw("till", [{"order": "A", "sku": "tea", "n": "1", "price": "1", "time": "2020-01-02", "who": who}
                      for who in ("1", "2", "0")])  # fmt: skip
    person = {"record_id": "id", "customer_number": "id"}
    line = {"order_id": "order", "sku": "sku", "quantity": "n", "unit_price": "price", "ordered_at": "time",
            "customer": {"source": "crm", "column": "who"}}  # fmt: skip
    line["order_id"] = "who"
    room.clean({"crm": {"person": person}, "till": {"order_line": line}})
    assert room.rows("select record_key, source, record_id, origin, customer_number from clean.records order by 1") == [
        ("crm:1", "crm", "1", "source", "1"),
        ("crm:2", "crm", "2", "reference", "2"),
    ]
    assert "records_of_orders_are_known" not in room.failing()
    room.con.execute("delete from clean.records where record_id = '2'")
    assert "records_of_orders_are_known" in room.failing()


def test_the_field_report_counts_per_source_and_field(room: Room):
    room.raw("crm", [
        contact("1", mail="ANN@web.de"), contact("2", mail="bob@web.de"), contact("3", mail="test@test.com"),
        contact("4", mail="@"), contact("5"),
    ])  # fmt: skip
    room.clean({"crm": CRM})
    report = "select records, filled, changed, junk, rejected from clean.field_report where field = "
    assert room.one(report + "'email'") == (5, 4, 1, 1, 1)
    assert room.one(report + "'phone'") == (5, 0, 0, 0, 0)


def test_no_note_shows_a_value_of_a_person(room: Room):
    room.raw("crm", [contact("1", mail="secret.person@@mail", first="Zaphod", tel="12")])
    room.build({"crm": CRM})
    notes = " ".join(row[0] for row in room.rows("select notes from platform.tables"))
    assert "not an address" in notes
    assert "secret.person" not in notes and "Zaphod" not in notes and "zaphod" not in notes
