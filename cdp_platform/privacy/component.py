"""Purposes of use and suppression."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.privacy.config import PrivacyConfig
from cdp_platform.shared.dagster.room import Room


class Privacy(Room):
    """Purposes of use and suppression."""

    config_type = PrivacyConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """Privacy has no assets of its own: its rules act in the syncs."""
        return dg.Definitions()
