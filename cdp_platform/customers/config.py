"""What a user may write about customers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cdp_platform.shared.config import Config, Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company


class CustomersConfig(Config):
    """Which record's value wins."""


def problems(config: CustomersConfig, company: "Company") -> Iterator[Problem]:
    """Nothing yet."""
    yield from ()
