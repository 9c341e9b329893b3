"""Snapshot, alerts, checks across rooms."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.quality.config import QualityConfig
from cdp_platform.shared.dagster.room import Room


class Quality(Room):
    """Snapshot, alerts, checks across rooms."""

    config_type = QualityConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """The published snapshot and the alert sensors."""
        return dg.Definitions()
