"""Which raw columns each clean column is made from, as the meanings say it."""

from collections.abc import Iterator, Mapping, Sequence

from cdp_platform.clean.people import TRAITS
from cdp_platform.company import Company
from cdp_platform.sources.config import Source
from cdp_platform.sources.meanings import columns_named

NAMES = ("first_name", "full_name")
FAMILY = ("last_name", "full_name")

PERSON: dict[str, Sequence[str]] = {
    "record_key": ("record_id",), "record_id": ("record_id",), "title": ("title", *NAMES),
    "first_name": NAMES, "first_name_raw": NAMES, "last_name": FAMILY, "last_name_raw": FAMILY,
    "name_key": ("first_name", "last_name", "full_name"),
    "email": ("email",), "email_raw": ("email",), "email_key": ("email",), "email_hint": ("email",),
    "phone": ("phone", "country"), "phone_raw": ("phone",), "phone_key": ("phone", "country"),
    "birth_date": ("birth_date",), "birth_date_raw": ("birth_date",), "gender": ("gender",),
    "address": ("address",), "city": ("city",), "postcode": ("postcode", "country"),
    "postcode_raw": ("postcode",), "country": ("country",), "country_raw": ("country",),
    "customer_number": ("customer_number",), "loyalty_card": ("loyalty_card",), "device_id": ("device_id",),
    "attributes": ("attributes",), "created_at": ("created_at",), "updated_at": ("updated_at", "created_at"),
}  # fmt: skip

MADE_FROM: dict[str, dict[str, dict[str, Sequence[str]]]] = {
    "clean.records": {
        "person": PERSON,
        "event": {
            "record_key": ("user_id", "anonymous_id"), "record_id": ("user_id", "anonymous_id"),
            "customer_number": ("user_id",), "device_id": ("anonymous_id",),
            **{column: ("traits",) for column, fields in PERSON.items() if TRAITS.keys() & set(fields)},
        },
    },
    "clean.orders": {
        meaning: {
            "order_key": ("order_id",), "order_id": ("order_id",), "record_key": ("customer",), "kind": amounts,
            "channel": ("channel",), "ordered_at": ("ordered_at",), "quantity": ("quantity",),
            "amount": amounts, "currency": ("currency",), "country": ("country",),
            **({"store": ("store",)} if meaning == "order_line" else {}),
        }
        for meaning, amounts in (("order", ("amount",)), ("order_line", ("quantity", "unit_price")))
    },
    "clean.order_lines": {
        "order_line": {
            "line_key": ("order_id",), "order_key": ("order_id",), "sku": ("sku",), "quantity": ("quantity",),
            "unit_price": ("unit_price",), "amount": ("quantity", "unit_price"), "ordered_at": ("ordered_at",),
        },
    },
    "clean.products": {
        "product": {"sku": ("sku",), "name": ("name",), "category": ("category",), "price": ("price",)},
    },
    "clean.events": {
        "event": {
            "event_id": ("message_id",), "type": ("type",), "event": ("event", "type"), "page": ("name", "properties"),
            "occurred_at": ("original_timestamp", "timestamp", "sent_at", "received_at"),
            "received_at": ("received_at",),
            "time_quality": ("original_timestamp", "timestamp", "sent_at", "received_at"),
            "anonymous_id": ("anonymous_id",), "user_id": ("user_id",),
            "record_key": ("user_id", "anonymous_id"), "tied_by": ("user_id", "anonymous_id"),
            "session_id": ("anonymous_id", "user_id", "timestamp"), "path": ("properties", "context"),
            "sku": ("properties",), "order_id": ("properties",), "value": ("properties",), "currency": ("properties",),
            "properties": ("properties",),
        },
    },
    "clean.tickets": {
        "ticket": {
            "ticket_key": ("ticket_id",), "ticket_id": ("ticket_id",), "record_key": ("customer",),
            "subject": ("subject",), "status": ("status",), "score": ("score",), "created_at": ("created_at",),
        },
    },
    "clean.consents": {
        "consent": {
            "consent_key": (
                "customer", "email", "phone", "purpose", "status", "changed_at", "granted_at", "withdrawn_at",
            ),
            "purpose": ("purpose",), "status": ("status", "granted_at", "withdrawn_at"),
            "changed_at": ("changed_at", "granted_at", "withdrawn_at"), "channel": ("channel",), "email": ("email",),
            "email_key": ("email",), "phone": ("phone",), "record_key": ("customer",),
        },
    },
}  # fmt: skip
"""Clean table, meaning, clean column, and the fields of the meaning that go into it."""

WITHIN = {
    "clean.sessions": {
        "session_id": ("clean.events", ("session_id",)),
        "anonymous_id": ("clean.events", ("anonymous_id",)),
        "record_key": ("clean.events", ("record_key",)),
        "started_at": ("clean.events", ("occurred_at",)),
        "ended_at": ("clean.events", ("occurred_at",)),
        "page_views": ("clean.events", ("type",)),
        "products_viewed": ("clean.events", ("sku", "event")),
        "added_to_basket": ("clean.events", ("event",)),
        "ordered": ("clean.events", ("event",)),
        "landing_path": ("clean.events", ("path",)),
    },
    "clean.junk_values": {"value": ("clean.records", ("email", "phone", "first_name"))},
}
"""Columns made from other tables of the room."""


def column_lineage(company: Company) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Table to column to the (table, column) pairs that it is made from."""
    found: dict[str, dict[str, list[tuple[str, str]]]] = {
        table: {column: [(origin, name) for name in names] for column, (origin, names) in columns.items()}
        for table, columns in WITHIN.items()
    }
    for table, meanings in MADE_FROM.items():
        columns = found.setdefault(table, {})
        for meaning, made_from in meanings.items():
            for source in company.sources.with_meaning(meaning):
                raw = dict(_raw_columns(source, meaning))
                for column, fields in made_from.items():
                    pairs = [(f"raw.{source.name}", name) for field in fields for name in raw.get(field, ())]
                    columns.setdefault(column, []).extend(dict.fromkeys(pairs))
    return {table: {column: pairs for column, pairs in columns.items() if pairs} for table, columns in found.items()}


def _raw_columns(source: Source, meaning: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Field of the meaning to the raw columns named for it; a path counts as the column that it starts in.

    A row that describes a person itself points to that person: its `customer` is the person's own key.
    """
    entity = getattr(source.means, meaning)
    named: Mapping[str, str] = columns_named(entity)
    grouped: dict[str, list[str]] = {}
    for field, column in named.items():
        grouped.setdefault(field.split(".")[0], []).append(column.split(".")[0])
    if "customer" not in grouped and source.means.person is not None:
        grouped["customer"] = [source.means.person.record_id]
    for field, columns in grouped.items():
        yield field, tuple(columns)
