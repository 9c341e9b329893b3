"""Which person record a row belongs to, as `source:record_id`."""

from cdp_platform.clean.raw_table import RawTable, literal
from cdp_platform.sources.meanings import Means, Reference


def record_key(raw: RawTable, means: Means, customer: Reference | None) -> str:
    """The record that the reference points to, else the person whom the row itself describes, else null."""
    if customer is not None:
        return f"{literal(customer.source + ':')} || {raw.reference(customer.column)}"
    if means.person is not None:
        return f"{literal(raw.source + ':')} || {raw.identifier(means.person.record_id)}"
    return "null::varchar"
