"""What a user may write about identity."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from cdp_platform.shared.config import Config, Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company


class IdentityConfig(Config):
    """Which records are the same person."""

    threshold: float = Field(default=0.9, gt=0, lt=1, description="Probability above which two records are joined.")


def problems(config: IdentityConfig, company: "Company") -> Iterator[Problem]:
    """Nothing to check across rooms yet."""
    yield from ()
