"""What a mapping may name: fields of the customer, of the scores, and of the membership in the segment."""

from collections.abc import Iterable
from typing import NamedTuple

from cdp_platform.customers.fields import CUSTOMER
from cdp_platform.scores import contract as scores

SCORES = {table.short: table for table in (scores.RFM, scores.PURCHASE, scores.VALUE)}
MEMBERSHIP = ("entered_on", "reason")


class Place(NamedTuple):
    """Where a field lies: the alias of a table in the model's query, and a column."""

    table: str
    column: str


FIELDS: dict[str, Place] = {
    **{name: Place("customer", name) for name in CUSTOMER},
    **{
        f"{short}.{column}": Place(short, column)
        for short, table in SCORES.items()
        for column in table.columns
        if column != "customer_id"
    },
    **{f"segment.{name}": Place("member", name) for name in MEMBERSHIP},
}
"""Every name that a mapping may use: `email`, `rfm.label`, `purchase.probability_90d`, `segment.entered_on`, …"""


def is_personal(name: str) -> bool:
    """Whether a field holds a person's data."""
    return name in CUSTOMER and CUSTOMER[name].personal


def scores_used(names: Iterable[str]) -> list[str]:
    """The score tables that these fields need, in alphabetical order."""
    return sorted({FIELDS[name].table for name in names} & SCORES.keys())
