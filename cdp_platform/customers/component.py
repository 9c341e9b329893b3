"""Customers as dbt models, and the rules that they follow as a table."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.customers.config import CustomersConfig
from cdp_platform.customers.contract import SURVIVORSHIP_RULES
from cdp_platform.customers.notes import NOTES
from cdp_platform.customers.survivorship import rule_rows, write_rules
from cdp_platform.shared.dagster.dbt import dbt_models
from cdp_platform.shared.dagster.room import Room
from cdp_platform.shared.dagster.tables import table_assets
from cdp_platform.shared.warehouse.build import room_code


class Customers(Room):
    """Golden record, identifiers, timeline and consents of every customer."""

    config_type = CustomersConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """The survivorship rules, and every model of the dbt project."""
        rules = table_assets(
            company,
            [SURVIVORSHIP_RULES],
            inputs=[],
            make=write_rules,
            code=f"{room_code('customers')} {rule_rows(company.customers)}",
        )
        return dg.Definitions(assets=[rules, dbt_models(company, NOTES)])
