"""What goes wrong between a system and its export: broken lines, lost keys, unknown accounts.

A record that no reader can use is left out of the truth.
"""

from random import Random
from typing import Any

import polars as pl

import files
from orders import Sales
from records import System

UNQUOTED = 0.022
"""Share of newsletter lines whose mail tool wrote `Smith, Jane` without quotes: above the 1 % that are tolerated."""
UNKNOWN_ACCOUNT, UNKNOWN_CARD = 9_999_999, "L99999999"
UNREADABLE = {"2025-03": {"quantity": "two"}, "2025-08": {"quantity": "1O"}, "2026-02": {"unit_price": "?"}}
"""Month of receipts: column and what stands in it."""


def contacts(system: System, seed: int) -> str:
    """The CRM export with a line that repeats, one without key, one with too many columns and an open quote."""
    random = Random(f"{seed}:broken contacts")
    header, *lines = files.csv_lines(system.rows)
    places = sorted(random.sample(range(len(lines)), 4))
    repeated, keyless, too_long, unclosed = (lines[place] for place in places)
    _forget(system, {system.rows[place]["contact_id"] for place in places[1:]})
    lines[places[1]] = "," + keyless.split(",", 1)[1]
    lines[places[2]] = too_long + ",,moved from the old system,"
    lines.insert(places[0] + 1, repeated)
    # Last, so that a reader which runs to the next quote swallows nobody else.
    lines.remove(unclosed)
    key, rest = unclosed.split(",", 1)
    return "\n".join([header, *lines, f'{key},"{rest.lstrip(chr(34))}']) + "\n"


def subscribers(system: System, seed: int) -> str:
    """The newsletter export of a tool that does not quote: a comma in a name moves every column after it."""
    random = Random(f"{seed}:broken subscribers")
    header, *lines = files.csv_lines(system.rows)
    count = max(3, int(len(lines) * UNQUOTED))
    places = sorted(random.sample(range(len(lines)), count))
    _forget(system, {system.rows[place]["subscriber_id"] for place in places})
    for place in places:
        row = system.rows[place]
        lines[place] = ",".join(
            [row["subscriber_id"], row["email"], row["first_name"], f"{row['last_name'] or 'Smith'}, Dr",
             row["subscribed_at"], row["unsubscribed_at"]]
        )  # fmt: skip
    return "\n".join([header, *lines]) + "\n"


def tickets(system: System) -> str:
    """The support export: its writer was cut off once."""
    lines = files.json_lines(system.rows)
    lines.insert(len(lines) // 2, '{"ticket_id": "S_cut", "requester": {"email": ')
    return "\n".join(lines) + "\n"


def events(lines: list[str], day: int) -> list[str]:
    """One day of events; every fifth day one was cut off."""
    if day % 5 == 2:
        return [*lines[: len(lines) // 2], '{"type": "track", "messageId": ', *lines[len(lines) // 2 :]]
    return lines


def unknown_customers(sales: Sales) -> Sales:
    """One order in the middle is of an account, one receipt of a card, that no system holds any more."""
    orders = sales.orders
    web = orders.filter(pl.col("customer_id").is_not_null())["order"]
    store = orders.filter(pl.col("card").is_not_null())["order"]
    return sales._replace(
        orders=orders.with_columns(
            customer_id=pl.when(pl.col("order") == web[len(web) // 2])
            .then(pl.lit(UNKNOWN_ACCOUNT))
            .otherwise("customer_id"),
            card=pl.when(pl.col("order") == store[len(store) // 2]).then(pl.lit(UNKNOWN_CARD)).otherwise("card"),
        )
    )


def receipts(rows: list[dict[str, Any]], month: str) -> list[dict[str, Any]]:
    """One month of receipts; in some a quantity or a price cannot be read."""
    for column, value in UNREADABLE.get(month, {}).items():
        place = len(rows) // (2 if column == "quantity" else 3)
        rows[place] = {**rows[place], column: value}
    return rows


def _forget(system: System, lost: set[str]) -> None:
    system.truth[:] = [row for row in system.truth if row.record_id not in lost]
