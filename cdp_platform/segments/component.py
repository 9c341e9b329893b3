"""Segments as assets."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.segments.config import SegmentsConfig
from cdp_platform.shared.dagster.room import Room


class Segments(Room):
    """Segments as assets."""

    config_type = SegmentsConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """One asset per segment, and the tables behind them."""
        return dg.Definitions()
