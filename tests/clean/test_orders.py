from datetime import datetime
from decimal import Decimal

from tests.clean.conftest import Room

LINES = {
    "order_line": {
        "order_id": "order", "sku": "sku", "quantity": "pieces", "unit_price": "price", "ordered_at": "time",
        "customer": {"source": "crm", "column": "customer"},
    }
}  # fmt: skip
CRM = {"person": {"record_id": "id"}}


def line(order: str | None, sku: str, pieces: str, price: str, time: str = "2020-01-02", **more: str | None):
    return {"order": order, "sku": sku, "pieces": pieces, "price": price, "time": time, "customer": "1"} | more


def shop(room: Room, *lines: dict[str, str | None], meaning: dict[str, object] | None = None, **settings: str) -> None:
    room.raw("crm", [{"id": "1"}])
    room.raw("till", lines)
    room.clean({"crm": CRM, "till": meaning or LINES}, only=("orders", "report"), **settings)


def test_an_order_is_the_sum_of_its_lines(room: Room):
    shop(room, line("A", "tea", "2", "1.15"), line("A", "cup", "1", "3.50"), line("B", "tea", "1", "1.15"))
    assert room.rows("select order_key, record_key, kind, lines, quantity, amount from clean.orders order by 1") == [
        ("till:A", "crm:1", "order", 2, Decimal("3"), Decimal("5.80")),
        ("till:B", "crm:1", "order", 1, Decimal("1"), Decimal("1.15")),
    ]
    assert room.rows("select line_key, sku, amount from clean.order_lines order by 1") == [
        ("till:A:1", "cup", Decimal("3.50")),
        ("till:A:2", "tea", Decimal("2.30")),
        ("till:B:1", "tea", Decimal("1.15")),
    ]


def test_line_keys_depend_on_content_and_not_on_row_order(room: Room):
    lines = [line("A", "tea", str(n), "1.15") for n in (3, 1, 2, 1)]
    shop(room, *lines)
    before = room.rows("from clean.order_lines order by all")
    shop(room, *reversed(lines))
    assert room.rows("from clean.order_lines order by all") == before


def test_lines_that_repeat_stay_apart(room: Room):
    shop(room, line("A", "tea", "1", "1.15"), line("A", "tea", "1", "1.15"))
    assert room.one("select lines, amount from clean.orders") == (2, Decimal("2.30"))


def test_a_return_has_only_negative_quantities_or_a_negative_amount(room: Room):
    shop(
        room,
        line("sold", "tea", "1", "1.15"), line("sold", "cup", "-1", "1"),
        line("back", "tea", "-1", "1.15"), line("back", "cup", "-2", "3"),
        line("debt", "adjustment", "1", "-50"),
    )  # fmt: skip
    kinds = dict(room.rows("select order_id, kind from clean.orders"))
    assert kinds == {"sold": "order", "back": "return", "debt": "return"}


def test_a_line_that_cannot_be_read_is_kept_aside_whole(room: Room):
    shop(
        room,
        line("A", "tea", "2", "1.15"), line("A", "cup", "many", "1"), line("A", "pot", "1", "?"),
        line(None, "tea", "1", "1"), line("A", "tea", "1", "1", time="soon"),
    )  # fmt: skip
    assert room.rows("select reason, content ->> 'sku' from clean.rejected_rows order by all") == [
        ("no order id", "tea"),
        ("price is missing or not a number", "pot"),
        ("quantity is missing or not a number", "cup"),
        ("time is missing or not understood", "tea"),
    ]
    report = "select read, used, rejected, amount, amount_used from clean.row_report where entity = 'order_lines'"
    assert room.one(report) == (5, 1, 4, Decimal("4.30"), Decimal("2.30"))
    failing = room.failing()
    assert "amounts_reconcile" not in failing
    assert "most_order_lines_are_used" in failing


def test_barcodes_typed_as_quantities_stop_nothing(room: Room):
    barcode = "5012345678900"
    shop(
        room, *(line("A", "tea", barcode, "0") for _ in range(50)), *(line("A", "tea", "1", barcode) for _ in range(50))
    )
    assert room.rows("select distinct reason from clean.rejected_rows") == [("quantity or amount is too large",)]
    assert room.rows("from clean.orders") == []


def test_the_same_number_in_two_sources_is_two_orders(room: Room):
    room.raw("crm", [{"id": "1"}])
    room.raw("web", [line("A", "tea", "1", "1")])
    room.raw("till", [line("A", "tea", "1", "1")])
    meaning = LINES["order_line"] | {"channel": {"value": "store"}, "store": "sku"}
    room.clean({"crm": CRM, "web": LINES, "till": {"order_line": meaning}})
    assert room.rows("select order_key, channel, store from clean.orders order by 1") == [
        ("till:A", "store", "tea"),
        ("web:A", "web", None),
    ]


def test_an_order_of_two_records_is_of_the_first_line_that_names_one(room: Room):
    room.raw("crm", [{"id": "1"}])
    room.raw("till", [line("A", sku, "1", "1", customer=who) for sku, who in (("a", "0"), ("b", "7"), ("c", "3"))])
    room.build({"crm": CRM, "till": LINES})
    assert room.one("select record_key from clean.orders") == ("crm:7",)
    notes = room.one("select notes from platform.tables where table_name = 'clean.orders'")[0]
    assert '"orders whose lines name several records": 1' in notes


def test_currency_and_country_fall_back_and_say_so(room: Room):
    meaning = {"order_line": LINES["order_line"] | {"currency": "money", "country": "land"}}
    shop(
        room,
        line("A", "tea", "1", "1", money="€", land="EIRE"), line("B", "tea", "1", "1", money="pounds", land="Narnia"),
        line("C", "tea", "1", "1", money=None, land="Unspecified"),
        meaning=meaning, currency="SEK",
    )  # fmt: skip
    assert room.rows("select order_id, currency, country from clean.orders order by 1") == [
        ("A", "EUR", "IE"),
        ("B", "SEK", None),
        ("C", "SEK", None),
    ]
    assert room.rows("select field, value from clean.rejected_values order by 1") == [
        ("country", "Narnia"),
        ("currency", "pounds"),
    ]


def test_numbers_and_times_of_a_typed_source(room: Room):
    room.raw("crm", [{"id": "1"}])
    rows = [{"order": 7, "sku": 85123, "pieces": 3, "price": 0.1, "time": datetime(2020, 1, 2, 3), "customer": 1.0}]
    types = {"order": "bigint", "sku": "bigint", "pieces": "bigint", "price": "double", "time": "timestamp",
             "customer": "double"}  # fmt: skip
    room.raw("till", rows, **types)
    room.clean({"crm": CRM, "till": LINES})
    found = "select order_key, record_key, amount, ordered_at, currency from clean.orders"
    assert room.one(found) == ("till:7", "crm:1", Decimal("0.30"), datetime(2020, 1, 2, 3), "GBP")


def test_orders_given_whole_are_taken_once(room: Room):
    order = {"number": "A", "when": "2020-01-02", "total": "10.50", "who": "1"}
    room.raw("crm", [{"id": "1"}])
    room.raw("bills", [order, order, order | {"number": "B", "total": "-3"}, order | {"number": "C", "total": "x"}])
    meaning = {"order_id": "number", "ordered_at": "when", "amount": "total",
               "customer": {"source": "crm", "column": "who"}}  # fmt: skip
    room.clean({"crm": CRM, "bills": {"order": meaning}})
    assert room.rows("select order_id, kind, lines, amount from clean.orders order by 1") == [
        ("A", "order", 0, Decimal("10.50")),
        ("B", "return", 0, Decimal("-3.00")),
    ]
    report = "select read, used, repeated, rejected, amount, amount_used from clean.row_report where entity = 'orders'"
    assert room.one(report) == (4, 2, 1, 1, Decimal("18.00"), Decimal("7.50"))
    assert not {"rows_reconcile", "amounts_reconcile"} & set(room.failing())
