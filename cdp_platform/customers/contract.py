"""The tables of the customers room: dbt models, whose columns are described beside each model in dbt/models."""

from cdp_platform.shared.warehouse.table import Table

CUSTOMERS = Table("customers.customers", "One row per customer: golden values with provenance, and aggregates.")
IDENTIFIERS = Table("customers.identifiers", "Every identifier of every customer.")
TIMELINE = Table("customers.timeline", "Everything that happened, one row a happening, tied to its customer.")
CONSENTS = Table(
    "customers.consents", "Per customer and purpose: may we? The most restrictive last word of all records."
)
ATTRIBUTE_VALUES = Table("customers.attribute_values", "The golden value per customer and field, with source and time.")

SURVIVORSHIP_RULES = Table(
    "customers.survivorship_rules",
    "Which record's value wins, per field, as configured.",
    {
        "field": "field of the golden record; address stands for street, city, postcode and country",
        "step": "1 decides first; the next decides among values that are equally good",
        "rule": "most_recent, oldest, most_frequent, longest or source_priority",
        "source": "source that a source_priority ranks; null for the other rules",
        "priority": "its place among the sources, 1 is trusted most",
    },
)
