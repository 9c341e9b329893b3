"""Clean tables as assets."""

import dagster as dg

from cdp_platform.company import Company


def definitions(company: Company) -> dg.Definitions:
    """One step per entity."""
    return dg.Definitions()
