"""The tables of the customers room: dbt models, whose columns are described beside each model in dbt/models."""

from cdp_platform.shared.warehouse.table import Table

CUSTOMERS = Table("customers.customers", "One row per customer: golden values with provenance, and aggregates.")
IDENTIFIERS = Table("customers.identifiers", "Every identifier of every customer.")
TIMELINE = Table("customers.timeline", "Everything that happened, one row a happening, tied to its customer.")
CONSENTS = Table(
    "customers.consents", "Per customer and purpose: may we? The most restrictive last word of all records."
)
ATTRIBUTE_VALUES = Table("customers.attribute_values", "The golden value per customer and field, with source and time.")
