"""What a user may write about segments."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cdp_platform.shared.config import Config, Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company


class SegmentsConfig(Config):
    """Segments."""


def problems(config: SegmentsConfig, company: "Company") -> Iterator[Problem]:
    """Nothing yet."""
    yield from ()
