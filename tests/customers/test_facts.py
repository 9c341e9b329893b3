"""What the customers table counts."""

from datetime import datetime
from decimal import Decimal

from tests.customers.conftest import ANN, BOB, CAL, DEE, Ask, day


def one(ask: Ask, customer: str, *columns: str) -> tuple[object, ...]:
    """Some columns of one customer."""
    [row] = ask(f"select {', '.join(columns)} from customers.customers where customer_id = ?", customer)
    return row


def test_every_customer_is_there_once(ask: Ask):
    assert ask("select customer_id from customers.customers order by 1") == [(ANN,), (BOB,), (CAL,), (DEE,)]


def test_records_and_sources(ask: Ask):
    assert one(ask, ANN, "records", "sources") == (4, ["crm", "loyalty", "shop"])
    assert one(ask, DEE, "records", "sources") == (1, ["shop"])


def test_orders_and_returns(ask: Ask):
    counts = one(ask, ANN, "orders", "web_orders", "store_orders", "returns", "order_days")
    assert counts == (2, 1, 1, 1, 1)
    values = one(ask, ANN, "ordered_value", "returned_value", "net_value", "average_order_value")
    assert values == (Decimal("35.10"), Decimal("10.05"), Decimal("25.05"), Decimal("17.55"))
    times = one(ask, ANN, "first_order_at", "last_order_at")
    assert times == (day("04-01 10:00"), day("04-01 18:00"))


def test_without_orders_there_is_no_average(ask: Ask):
    assert one(ask, BOB, "orders", "net_value", "average_order_value", "last_order_at") == (0, Decimal(0), None, None)


def test_the_favourite_category_has_most_pieces(ask: Ask):
    assert one(ask, ANN, "favourite_category") == ("light",)  # 6 lamps, 2 mugs


def test_web_behaviour(ask: Ask):
    found = one(ask, ANN, "sessions", "page_views", "products_viewed", "last_event_at", "last_basket_at")
    assert found == (2, 2, 1, day("07-01 12:00"), datetime(2025, 3, 31, 9, 3))


def test_support(ask: Ask):
    found = one(ask, ANN, "tickets", "open_tickets", "last_ticket_at", "average_ticket_score")
    assert found == (3, 1, day("05-03"), Decimal("3.5"))


def test_first_and_last_touch(ask: Ask):
    found = one(ask, ANN, "first_touch", "first_touch_source", "last_touch", "last_touch_source")
    assert found == ("consent", "log", "page", "web")
    assert one(ask, DEE, "first_touch", "last_touch", "last_touch_source") == ("order", "order", "shop")


def test_first_and_last_sign(ask: Ask):
    assert one(ask, ANN, "first_seen_at", "last_seen_at") == (day("01-01"), day("09-01"))  # both are records'
    assert one(ask, DEE, "first_seen_at", "last_seen_at") == (day("05-01 09:00"),) * 2  # only its order is known


def test_totals_agree_with_clean(ask: Ask):
    [[of_customers]] = ask("select sum(net_value) from customers.customers")
    [[of_all]] = ask("select sum(amount) from clean.orders")
    assert of_customers + Decimal("99.99") == of_all
