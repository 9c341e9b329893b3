"""What a user may write about identity."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from cdp_platform.shared.config import Config, Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company


class Identifier(Config):
    """How far one kind of identifier is to be trusted."""

    cap: int = Field(
        ge=1,
        description="Most different first names that may hold one value; a value held by more identifies nobody. "
        "For an authoritative identifier: most persons that one value may join.",
    )
    authoritative: bool = Field(
        default=False,
        description="Records that share a value are the same account and are joined whatever else they say.",
    )


class Identifiers(Config):
    """The identifiers of clean.records."""

    email: Identifier = Field(default=Identifier(cap=4), description="`email_key`: the mailbox.")
    phone: Identifier = Field(default=Identifier(cap=4), description="`phone_key`: the phone.")
    device_id: Identifier = Field(default=Identifier(cap=3), description="`device_id`: the device or browser.")
    loyalty_card: Identifier = Field(
        default=Identifier(cap=4, authoritative=True), description="`loyalty_card`: the card number."
    )
    customer_number: Identifier = Field(
        default=Identifier(cap=4, authoritative=True), description="`customer_number`: the account number."
    )


class IdentityConfig(Config):
    """Which records are the same person."""

    identifiers: Identifiers = Field(default=Identifiers(), description="Trust per kind of identifier.")
    threshold: float = Field(default=0.5, gt=0, lt=1, description="Probability above which two records are joined.")
    max_cluster_size: int = Field(
        default=100,
        ge=2,
        description="Most representatives that evidence may join into one customer; a larger group is cut at rising "
        "thresholds. A customer with more records than twenty times this stops the run.",
    )
    min_density: float = Field(
        default=0.4,
        ge=0,
        le=1,
        description="Least share of the pairs of a group that must be linked themselves; a looser group is cut at "
        "rising thresholds.",
    )
    block_size: int = Field(
        default=40,
        ge=2,
        description="Most representatives that may share a blocking key; a commoner key brings no pairs together.",
    )


def problems(config: IdentityConfig, company: "Company") -> Iterator[Problem]:
    """Nothing to check across rooms."""
    yield from ()
