"""Identity as assets."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.identity.config import IdentityConfig
from cdp_platform.shared.dagster.room import Room


class Identity(Room):
    """Identity as assets."""

    config_type = IdentityConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """Records, edges, clusters, customer ids."""
        return dg.Definitions()
