"""The door between a room's YAML and Dagster's component tooling (`dg list`, `dg scaffold`, editor schemas)."""

from typing import Any, ClassVar

import dagster as dg

from cdp_platform.company import Company, load_company
from cdp_platform.shared.config import Config


class Room(dg.Component):
    """A part of the platform configured by one strict model.

    Dagster's `Resolvable` would also accept a string for every field (templating), which lets wrong values past
    `dg check yaml`. A room sees its whole company: the folder above its own.
    """

    config_type: ClassVar[type[Config]]

    @classmethod
    def get_model_cls(cls) -> type[Config]:
        """The model that reads the `attributes` of a defs.yaml."""
        return cls.config_type

    @classmethod
    def load(cls, attributes: Any, context: dg.ComponentLoadContext) -> "Room":  # pyright: ignore[reportIncompatibleMethodOverride]
        """Build the room; its configuration comes with the company."""
        return cls()

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """The room's assets, for companies that are part of another dg project."""
        return self.definitions(load_company(context.path.parent.resolve()))

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """The room's assets, checks and sensors for a company."""
        raise NotImplementedError
