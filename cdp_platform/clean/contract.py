"""The tables of the clean room."""

from cdp_platform.shared.warehouse.table import Table

RECORDS = Table(
    "clean.records",
    "One row per person record per source: standardised values, each raw value beside the clean one.",
    {
        "record_key": "source and record_id joined by a colon; identifies the record everywhere",
        "source": "source that holds the record",
        "record_id": "the record's own key in that source",
        "origin": "source: a row of the source; reference: only known because an order or event points to it; "
        "identify: said by an identify event",
        "title": "title taken out of the name (mr, dr, …)",
        "first_name": "first name, lower case, Unicode NFC, without titles and initials' dots",
        "first_name_raw": "first name as read",
        "last_name": "last name with its particles (van der …), lower case, Unicode NFC",
        "last_name_raw": "last name as read",
        "name_key": "first and last name without accents, punctuation and blanks, for comparing",
        "email": "e-mail address, trimmed and lower case; null when it is not an address",
        "email_raw": "e-mail as read",
        "email_key": "mailbox that identifies a person: provider's dots and plus-tags removed; null when junk",
        "email_hint": "probably meant address when the domain looks like a typo of a well-known one",
        "phone": "phone in E.164; null when it is not a possible number",
        "phone_raw": "phone as read",
        "phone_key": "phone that identifies a person; null when junk",
        "birth_date": "date of birth; null when impossible",
        "birth_date_raw": "date of birth as read",
        "gender": "female, male, other or null",
        "address": "street and house number, lower case, blanks folded",
        "city": "city, lower case",
        "postcode": "postcode in the country's own form, upper case",
        "postcode_raw": "postcode as read",
        "country": "ISO 3166 two-letter code",
        "country_raw": "country as read",
        "customer_number": "shop account or customer number",
        "loyalty_card": "loyalty card number",
        "device_id": "device or anonymous id",
        "attributes": "further attributes of the person as JSON",
        "created_at": "when the source made the record (UTC)",
        "updated_at": "when the source last changed it, else created_at (UTC)",
    },
    key=("record_key",),
    personal=(
        "title", "first_name", "first_name_raw", "last_name", "last_name_raw", "name_key", "email", "email_raw",
        "email_key", "email_hint", "phone", "phone_raw", "phone_key", "birth_date", "birth_date_raw", "gender",
        "address", "city", "postcode", "postcode_raw", "customer_number", "loyalty_card", "device_id", "attributes",
    ),
)  # fmt: skip

ORDERS = Table(
    "clean.orders",
    "One row per order or return, put together from its lines where a source gives lines.",
    {
        "order_key": "source and order_id joined by a colon",
        "source": "source of the order",
        "order_id": "the order's own number",
        "record_key": "person record that ordered; null when the source names nobody",
        "kind": "order, or return when every line has a negative quantity (or the amount is negative)",
        "channel": "web, store or what the source says",
        "store": "store where it was bought, if any",
        "ordered_at": "time of the order (UTC); the first line's",
        "lines": "number of lines",
        "quantity": "sum of quantities",
        "amount": "sum of line amounts in `currency`, decimal(18,4); negative for returns",
        "currency": "ISO 4217 code",
        "country": "ISO 3166 two-letter code of the order, else null",
    },
    key=("order_key",),
    personal=("record_key",),
)

ORDER_LINES = Table(
    "clean.order_lines",
    "One row per line of an order.",
    {
        "line_key": "order_key and a running number that depends on the content alone",
        "order_key": "order that the line is of",
        "source": "source of the line",
        "sku": "product number",
        "quantity": "pieces, decimal(18,4); negative when returned",
        "unit_price": "price of a piece, decimal(18,4)",
        "amount": "quantity times unit_price, decimal(18,4)",
        "ordered_at": "time of the order (UTC)",
    },
    key=("line_key",),
)

PRODUCTS = Table(
    "clean.products",
    "One row per product.",
    {
        "sku": "product number",
        "name": "name, blanks folded",
        "category": "category where a source gives one",
        "price": "list price, decimal(18,4)",
        "source": "source that described it",
    },
    key=("sku",),
)

EVENTS = Table(
    "clean.events",
    "Web and app events: each messageId once, clock-skew corrected, sessionised, tied to a record by identify.",
    {
        "event_id": "source and messageId joined by a colon",
        "source": "source of the event",
        "type": "page, screen, track, identify, group or alias",
        "event": "what happened: the name of a track event, else the type (page, identify, …)",
        "page": "name of the page or screen",
        "occurred_at": "when it happened (UTC), corrected by the difference of the client's own two times",
        "received_at": "when the collector got it (UTC)",
        "time_quality": "client, corrected, or received when the client's times made no sense",
        "anonymous_id": "device or browser id",
        "user_id": "user id that the event itself carries",
        "record_key": "person record the event belongs to; null while nobody identified the device",
        "tied_by": "user_id: the event says so; identify: the device was identified before or after; null",
        "session_id": "session: events of one device with no gap over 30 minutes",
        "path": "page path",
        "sku": "product of the event",
        "order_id": "order of the event",
        "value": "amount of the event",
        "currency": "currency of the amount",
        "properties": "all properties as JSON",
    },
    key=("event_id",),
    personal=("anonymous_id", "user_id", "record_key", "properties"),
)

SESSIONS = Table(
    "clean.sessions",
    "One row per session of a device.",
    {
        "session_id": "device and number of the session",
        "source": "source of the events",
        "anonymous_id": "device",
        "record_key": "person record, if the session was tied to one",
        "started_at": "first event (UTC)",
        "ended_at": "last event (UTC)",
        "events": "number of events",
        "page_views": "number of page and screen events",
        "products_viewed": "distinct products viewed",
        "added_to_basket": "number of Product Added events",
        "ordered": "whether an order was completed",
        "landing_path": "path of the first page",
    },
    key=("session_id",),
    personal=("anonymous_id", "record_key"),
)

TICKETS = Table(
    "clean.tickets",
    "One row per support ticket.",
    {
        "ticket_key": "source and ticket_id joined by a colon",
        "source": "source of the ticket",
        "ticket_id": "the ticket's own number",
        "record_key": "person record that asked",
        "subject": "subject line",
        "status": "status, lower case",
        "score": "satisfaction score",
        "created_at": "when it was opened (UTC)",
    },
    key=("ticket_key",),
    personal=("record_key", "subject"),
)

CONSENTS = Table(
    "clean.consents",
    "Every consent given or refused, as it was said; the last word per subject and purpose counts.",
    {
        "consent_key": "hash of source, subject, purpose, time and status",
        "source": "source of the consent",
        "purpose": "purpose of use",
        "status": "granted or denied; a word that is not known to mean yes is denied",
        "changed_at": "when it was said (UTC)",
        "channel": "where it was said",
        "email": "address that the consent is for, standardised",
        "email_key": "the address's mailbox as in clean.records",
        "phone": "phone that the consent is for, E.164",
        "record_key": "person record that the consent is for",
    },
    key=("consent_key",),
    personal=("email", "email_key", "phone", "record_key"),
)

JUNK_VALUES = Table(
    "clean.junk_values",
    "Values that cannot identify anyone, with the reason.",
    {
        "field": "email or phone",
        "value": "the value, standardised",
        "reason": "why: placeholder, role mailbox, repeated digits, held by many names, …",
        "records": "how many records hold it",
    },
    key=("field", "value"),
    personal=("value",),
)

REJECTED_VALUES = Table(
    "clean.rejected_values",
    "Single values that could not be understood; the rest of their row is used.",
    {
        "entity": "records, orders, order_lines, products, events, tickets or consents",
        "source": "source of the row",
        "row": "the row's own key, else its hash",
        "field": "field that was read",
        "value": "the value as read",
        "reason": "why it was refused",
    },
    personal=("row", "value"),
)

REJECTED_ROWS = Table(
    "clean.rejected_rows",
    "Rows that cannot be used at all: an essential value is missing or not understood.",
    {
        "entity": "records, orders, order_lines, products, events, tickets or consents",
        "source": "source of the row",
        "row": "the row's own key, else its hash",
        "reason": "why it was refused",
        "content": "the row as JSON",
    },
    personal=("row", "content"),
)

FIELD_REPORT = Table(
    "clean.field_report",
    "Per source and field of clean.records: how many values came, changed, were junk or refused.",
    {
        "source": "source",
        "field": "field of clean.records",
        "records": "records of the source",
        "filled": "values that came",
        "changed": "values that cleaning altered",
        "junk": "values that identify nobody",
        "rejected": "values that were refused",
    },
    key=("source", "field"),
)

ROW_REPORT = Table(
    "clean.row_report",
    "Per source and entity: raw rows in, rows used, rows refused, rows merged because they repeat another.",
    {
        "source": "source",
        "entity": "records, orders, order_lines, products, events, tickets or consents",
        "read": "rows of raw.<source> that this entity looked at",
        "used": "rows used",
        "repeated": "rows that repeat another one (same messageId, same key)",
        "rejected": "rows in clean.rejected_rows",
        "amount": "sum of quantity times price over the rows read (orders and order lines), decimal(18,4)",
        "amount_used": "the same over the rows used",
    },
    key=("source", "entity"),
)

TABLES = (
    RECORDS, ORDERS, ORDER_LINES, PRODUCTS, EVENTS, SESSIONS, TICKETS, CONSENTS, JUNK_VALUES, REJECTED_VALUES,
    REJECTED_ROWS, FIELD_REPORT, ROW_REPORT,
)  # fmt: skip
