"""Everything that happened, and nothing twice."""

from decimal import Decimal

from tests.customers.conftest import ANN, BOB, CAL, DEE, Ask, day


def test_order_value_in_is_order_value_out(ask: Ask):
    found = ask(
        "select source, count(*), sum(lines), sum(amount) from customers.timeline "
        "where happening_key like 'order:%' group by source order by source"
    )
    assert found == [("shop", 3, 4, Decimal("28.05")), ("till", 2, 2, Decimal("104.99"))]


def test_orders_of_nobody_are_kept(ask: Ask):
    found = ask(
        "select reference, kind, amount, channel from customers.timeline where customer_id is null order by all"
    )
    assert found == [("k11", "consent", None, None), ("till:2", "order", Decimal("99.99"), "store")]


def test_events_are_named_and_anonymous_ones_left_out(ask: Ask):
    found = ask(
        "select reference, kind, sku, category, amount, detail from customers.timeline "
        "where happening_key like 'event:%' order by happened_at"
    )
    assert found == [
        ("web:1", "page", None, None, None, "/mugs"),
        ("web:2", "Product Viewed", "mug", "kitchen", None, "/p/mug"),
        ("web:3", "Product Viewed", "mug", "kitchen", None, "/p/mug"),
        ("web:4", "Product Added", "bag", "bags", Decimal("12.50"), None),  # no such product: the event's own category
        ("web:6", "page", None, None, None, "Home"),
    ]


def test_tickets_tell_their_subject(ask: Ask):
    found = ask(
        "select customer_id, happened_at, channel, detail from customers.timeline where kind = 'ticket' order by 2"
    )
    assert found == [
        (ANN, day("05-01"), "support", "late"),
        (ANN, day("05-02"), "support", "thanks"),
        (ANN, day("05-03"), "support", "hello"),
    ]


def test_a_consent_stands_at_everybody_it_speaks_for(ask: Ask):
    found = ask("select customer_id, detail, record_key from customers.timeline where reference = 'k7' order by all")
    assert found == [(BOB, "news granted", "crm:3"), (CAL, "news granted", "crm:6")]


def test_a_reference_is_enough_to_be_a_customer(ask: Ask):
    found = ask("select customer_id, kind, amount from customers.timeline where record_key = 'shop:9'")
    assert found == [(DEE, "order", Decimal(8))]
