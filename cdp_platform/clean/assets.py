"""Clean tables as assets."""

import dagster as dg

from cdp_platform.clean.checks import checks
from cdp_platform.clean.lineage import column_lineage
from cdp_platform.clean.steps import STEPS
from cdp_platform.company import Company
from cdp_platform.shared.dagster.tables import table_assets


def definitions(company: Company) -> dg.Definitions:
    """One asset per clean table, made by one step per entity."""
    lineage = column_lineage(company)
    return dg.Definitions(
        assets=[
            table_assets(
                company,
                step.tables,
                inputs=step.inputs(company),
                make=step.make,
                code=step.code(company),
                checks=checks(company, step.tables),
                lineage=lineage,
                name=f"clean__{step.name}",
            )
            for step in STEPS
        ]
    )
