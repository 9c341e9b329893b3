"""A company of sixty customers that is full of ties, nulls and moments exactly on the edge of a window."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

AS_OF = date(2026, 6, 30)
MIDNIGHT = datetime(2026, 6, 30)
Row = dict[str, Any]

COLUMNS = {
    "customers.customers": "customer_id text, country text, city text, email text, birth_date date, sources text[], "
    "orders bigint, net_value decimal(18,4), first_order_at timestamp, last_order_at timestamp",
    "customers.timeline": "happening_key text, customer_id text, happened_at timestamp, kind text, source text, "
    "channel text, lines bigint, quantity decimal(18,4), amount decimal(18,4), sku text, category text, detail text",
    "customers.consents": "customer_id text, purpose text, status text",
    "scores.rfm": "customer_id text, label text, recency bigint",
    "scores.purchase": "customer_id text, churn_risk double precision, band text",
    "scores.value": "customer_id text, expected_value_365d double precision, band text",
    "identity.crosswalk": "issued_id text, customer_id text",
    "segments.memberships": "segment text, customer_id text, entered_on date, reason text",
}
"""The tables that segments read, with the columns that the tests need."""


def company(seed: int = 7) -> dict[str, list[Row]]:
    """Rows per table."""
    chance = random.Random(seed)
    pick = chance.choice
    ids = [f"c{n:02}" for n in range(60)]
    edges = [MIDNIGHT - timedelta(hours=6 * n) for n in range(-6, 400)]
    known = [MIDNIGHT - timedelta(days=n) for n in (0, 7, 10, 30, 30, 60, 200)]
    customers = [
        {
            "customer_id": i,
            "country": pick(["GB", "FR", "fr", None, None]),
            "city": pick(["100% wool", "A_B", "AxB", "it's", "back\\slash", "!", "London", None]),
            "email": pick([None, "someone@example.com"]),
            "birth_date": pick([None, date(1980, 1, 1), date(1999, 12, 31)]),
            "sources": pick([None, [], ["crm"], ["crm", "shop"], ["shop"]]),
            "orders": pick([None, 0, 1, 2, 2, 3]),
            "net_value": pick([None, -5, 0, 10, 10, 10, 99.5]),
            "first_order_at": pick([None, *known]),
            "last_order_at": pick([None, *known]),
        }
        for i in ids
    ]
    timeline = [
        {
            "happening_key": f"h{n}",
            "customer_id": pick([*ids, None, None, None]),
            "happened_at": pick(known) if chance.random() < 0.3 else pick(edges),
            "kind": pick(["order", "order", "Product Added", "Product Viewed", "it's \\ odd"]),
            "source": pick(["shop", "pos"]),
            "channel": pick(["web", "store", None]),
            "lines": pick([None, 1, 2]),
            "quantity": pick([None, 1, 3]),
            "amount": pick([None, None, -10, 0, 20, 20, 50]),
            "sku": pick(["A", "B", "C", None]),
            "category": pick(["garden", "GARDEN", None]),
            "detail": pick(["/a", None]),
        }
        for n in range(900)
    ]
    return {
        "customers.customers": customers,
        "customers.timeline": timeline,
        "customers.consents": [
            {"customer_id": i, "purpose": purpose, "status": pick(["granted", "denied"])}
            for i in ids
            for purpose in ("email_marketing", "analytics")
            if chance.random() < 0.6
        ],
        "scores.rfm": [
            {"customer_id": i, "label": pick(["at risk", "loyal"]), "recency": pick([1, 5])} for i in ids[::2]
        ],
        "scores.purchase": [
            {"customer_id": i, "churn_risk": pick([0.1, 0.5, 0.5, 0.9, None]), "band": pick(["low", "high"])}
            for i in ids[::3]
        ],
        "scores.value": [
            {"customer_id": i, "expected_value_365d": pick([1.5, 2.5, 2.5, None]), "band": "rest"} for i in ids[::2]
        ],
        "identity.crosswalk": [{"issued_id": i, "customer_id": i} for i in ids],
        "segments.memberships": [
            {"segment": name, "customer_id": i, "entered_on": AS_OF, "reason": ""}
            for i in ids
            for name in ("vip", "asleep")
            if chance.random() < 0.4
        ],
    }


def create(execute: Callable[..., Any], mark: str, rows: dict[str, list[Row]]) -> None:
    """Create all tables and fill them. `mark` is the driver's sign for a parameter."""
    for table, columns in COLUMNS.items():
        execute(f"create schema if not exists {table.split('.')[0]}")
        execute(f"create table {table}({columns})")
        if of_table := rows.get(table):
            one = f"({', '.join([mark] * len(of_table[0]))})"
            values = [value for row in of_table for value in row.values()]
            execute(f"insert into {table}({', '.join(of_table[0])}) values {', '.join([one] * len(of_table))}", values)
