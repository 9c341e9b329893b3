"""The fields that conditions may name: columns of the customer, of its scores, and of a happening."""

from typing import NamedTuple

from cdp_platform.customers.contract import CUSTOMERS
from cdp_platform.customers.fields import CUSTOMER, TIMELINE, Field, Kind
from cdp_platform.scores.contract import PURCHASE, RFM, VALUE
from cdp_platform.shared.warehouse.table import Table


class Column(NamedTuple):
    """Where a field is, and what it holds."""

    table: str
    name: str
    kind: Kind


_TEXT_OF_SCORES = {"label", "band"}
_NOT_ASKED_FOR = {"customer_id", "as_of", "model_version", "reasons"}


def _of_score(table: Table) -> dict[str, Column]:
    return {
        f"{table.short}.{name}": Column(table.name, name, "text" if name in _TEXT_OF_SCORES else "number")
        for name in table.columns
        if name not in _NOT_ASKED_FOR
    }


CUSTOMER_FIELDS: dict[str, Column] = {
    **{name: Column(CUSTOMERS.name, name, field.kind) for name, field in CUSTOMER.items()},
    **_of_score(RFM),
    **_of_score(PURCHASE),
    **_of_score(VALUE),
}
"""Every field that a condition on customers may name: `net_value`, `rfm.label`, …"""

HAPPENING_FIELDS: dict[str, Field] = {
    name: TIMELINE[name] for name in ("sku", "category", "channel", "source", "detail", "amount", "quantity", "lines")
}
"""Every field that a filter on happenings may name."""
