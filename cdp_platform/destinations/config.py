"""What a user may write about destinations."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cdp_platform.shared.config import Config, Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company


class DestinationsConfig(Config):
    """Syncs."""


def problems(config: DestinationsConfig, company: "Company") -> Iterator[Problem]:
    """Nothing yet."""
    yield from ()
