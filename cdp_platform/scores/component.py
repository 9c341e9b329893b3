"""Scores as assets."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.scores.config import ScoresConfig
from cdp_platform.shared.dagster.room import Room


class Scores(Room):
    """Scores as assets."""

    config_type = ScoresConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """One asset per score."""
        return dg.Definitions()
