"""Customers as dbt models."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.customers.config import CustomersConfig
from cdp_platform.shared.dagster.room import Room


class Customers(Room):
    """Customers as dbt models."""

    config_type = CustomersConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """The golden record of every customer."""
        return dg.Definitions()
