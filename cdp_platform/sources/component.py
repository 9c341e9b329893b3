"""Sources as assets raw/<name>."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.shared.dagster.room import Room
from cdp_platform.sources.config import SourcesConfig


class Sources(Room):
    """Sources as assets raw/<name>."""

    config_type = SourcesConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """One asset per source."""
        return dg.Definitions()
