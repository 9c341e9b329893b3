"""What can be asked of a customer and of the timeline: the names that segments, mappings and rules may use.

The dbt models promise these columns; a test compares them.
"""

from typing import Literal, NamedTuple

Kind = Literal["text", "number", "date", "timestamp", "boolean", "list"]


class Field(NamedTuple):
    """One column."""

    kind: Kind
    about: str
    personal: bool = False


GOLDEN = {
    "title": Field("text", "title", personal=True),
    "first_name": Field("text", "first name", personal=True),
    "last_name": Field("text", "last name", personal=True),
    "email": Field("text", "e-mail address", personal=True),
    "phone": Field("text", "phone, E.164", personal=True),
    "birth_date": Field("date", "date of birth", personal=True),
    "gender": Field("text", "female, male, other", personal=True),
    "address": Field("text", "street and house number", personal=True),
    "city": Field("text", "city", personal=True),
    "postcode": Field("text", "postcode", personal=True),
    "country": Field("text", "ISO 3166 two-letter country"),
}
"""Fields whose value survivorship chooses. Each has two more columns: `<field>_source` and `<field>_at`."""

CUSTOMER: dict[str, Field] = {
    "customer_id": Field("text", "id of the customer, stable for ever"),
    **GOLDEN,
    "records": Field("number", "person records that were joined"),
    "sources": Field("list", "sources that know the customer, in alphabetical order"),
    "first_seen_at": Field("timestamp", "first sign of the customer anywhere"),
    "last_seen_at": Field("timestamp", "last sign of the customer anywhere"),
    "orders": Field("number", "orders, returns left out"),
    "web_orders": Field("number", "orders whose channel is web"),
    "store_orders": Field("number", "orders whose channel is store"),
    "returns": Field("number", "returns"),
    "order_days": Field("number", "distinct days with an order"),
    "ordered_value": Field("number", "value of orders"),
    "returned_value": Field("number", "value of returns, as a positive number"),
    "net_value": Field("number", "ordered_value less returned_value"),
    "average_order_value": Field("number", "ordered_value per order; null without orders"),
    "first_order_at": Field("timestamp", "first order"),
    "last_order_at": Field("timestamp", "last order"),
    "favourite_category": Field("text", "category with most pieces ordered"),
    "sessions": Field("number", "web sessions"),
    "page_views": Field("number", "page and screen events"),
    "products_viewed": Field("number", "distinct products viewed"),
    "last_event_at": Field("timestamp", "last web or app event"),
    "last_basket_at": Field("timestamp", "last time something was added to the basket"),
    "tickets": Field("number", "support tickets"),
    "open_tickets": Field("number", "support tickets that are not closed or solved"),
    "last_ticket_at": Field("timestamp", "last support ticket"),
    "average_ticket_score": Field("number", "mean satisfaction of the tickets that carry one"),
    "consents_granted": Field("list", "purposes that the customer consented to, in alphabetical order"),
    "first_touch": Field("text", "first happening on the timeline: its kind"),
    "first_touch_source": Field("text", "source of the first happening"),
    "last_touch": Field("text", "last happening on the timeline: its kind"),
    "last_touch_source": Field("text", "source of the last happening"),
}

TIMELINE: dict[str, Field] = {
    "happening_key": Field("text", "identifies the happening"),
    "customer_id": Field("text", "customer; null where nobody is known to have done it"),
    "happened_at": Field("timestamp", "when (UTC)"),
    "kind": Field("text", "order, return, ticket, consent, page, or the name of a track event such as Product Viewed"),
    "source": Field("text", "source that tells it"),
    "reference": Field("text", "order_key, event_id, ticket_key or consent_key"),
    "record_key": Field("text", "record through which the customer is known"),
    "channel": Field("text", "web, store, support, …"),
    "lines": Field("number", "order lines (orders and returns)"),
    "quantity": Field("number", "pieces (orders and returns)"),
    "amount": Field("number", "amount (orders, returns, events with a value)"),
    "currency": Field("text", "currency of the amount"),
    "sku": Field("text", "product (events)"),
    "category": Field("text", "category of the product (events)"),
    "detail": Field("text", "page path, ticket subject, or purpose and status of a consent"),
}
