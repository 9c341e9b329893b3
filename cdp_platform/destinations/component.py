"""Syncs as assets."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.destinations.config import DestinationsConfig
from cdp_platform.shared.dagster.room import Room


class Destinations(Room):
    """Syncs as assets."""

    config_type = DestinationsConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """One asset per sync."""
        return dg.Definitions()
