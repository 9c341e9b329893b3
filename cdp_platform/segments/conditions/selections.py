"""Conditions that look a customer up elsewhere: other segments, consents, ranks, random samples."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cdp_platform.segments.conditions.base import Condition
from cdp_platform.segments.conditions.comparison import is_number

By = Field(description="The number, date or time that ranks: net_value, value.expected_value_365d, …")
Count = Annotated[int, Field(strict=True, gt=0)]
Percent = Annotated[float, Field(strict=True, gt=0, le=100)]


def _share(value: Any) -> tuple[float, float]:
    ends = value if isinstance(value, list | tuple) else (0, value)
    if len(ends) != 2 or not all(map(is_number, ends)) or not 0 <= ends[0] < ends[1] <= 1:
        raise ValueError("a share between 0 and 1 stands here, such as 0.1, or its two ends, such as [0.5, 1]")
    return float(ends[0]), float(ends[1])


class InSegment(Condition):
    """Member of another segment in the same run."""

    in_segment: str = Field(description="Name of the segment.")


class Consented(Condition):
    """Granted consent to a purpose of use; no word is no."""

    consented: str = Field(description="Name of the purpose.")


class Rank(Condition):
    """The first or last customers by a field. Customers without a value do not count; ties go by customer id."""

    by: str = By


class Top(Rank):
    """The n highest: `{top: 100, by: net_value}`."""

    top: Count = Field(description="How many.")


class Bottom(Rank):
    """The n lowest."""

    bottom: Count = Field(description="How many.")


class TopPercent(Rank):
    """The highest n percent: `{top_percent: 5, by: net_value}`."""

    top_percent: Percent = Field(description="Percent of the customers that have a value, rounded down.")


class BottomPercent(Rank):
    """The lowest n percent."""

    bottom_percent: Percent = Field(description="Percent of the customers that have a value, rounded down.")


class Sample(Condition):
    """A random share that stays the same for the same salt: `{sample: 0.1, salt: test1}`."""

    sample: Annotated[tuple[float, float], BeforeValidator(_share)] = Field(
        description="Share of all customers, 0 to 1, or the two ends of a slice: [0.5, 1] is the other half."
    )
    salt: str = Field(min_length=1, description="Any word; another word draws another sample.")
