"""Conditions put together, and the one type that stands for every condition."""

from typing import Annotated, Any

from pydantic import Field, WrapValidator

from cdp_platform.segments.conditions import happenings, selections
from cdp_platform.segments.conditions.base import Condition, choose
from cdp_platform.segments.conditions.comparison import Comparison
from cdp_platform.segments.conditions.sequence import Sequence


class AllOf(Condition):
    """All of these hold."""

    all: "list[AnyCondition]" = Field(min_length=1, description="The conditions.")


class AnyOf(Condition):
    """At least one of these holds."""

    any: "list[AnyCondition]" = Field(min_length=1, description="The conditions.")


class NoneOf(Condition):
    """None of these holds."""

    none: "list[AnyCondition]" = Field(min_length=1, description="The conditions.")


KINDS: dict[str, type[Condition]] = {
    "all": AllOf,
    "any": AnyOf,
    "none": NoneOf,
    "field": Comparison,
    "did": happenings.Did,
    "did_not": happenings.DidNot,
    "sum_of": happenings.SumOf,
    "average_of": happenings.AverageOf,
    "smallest_of": happenings.SmallestOf,
    "largest_of": happenings.LargestOf,
    "distinct_of": happenings.DistinctOf,
    "first_did": happenings.FirstDid,
    "last_did": happenings.LastDid,
    "sequence": Sequence,
    "in_segment": selections.InSegment,
    "consented": selections.Consented,
    "top": selections.Top,
    "bottom": selections.Bottom,
    "top_percent": selections.TopPercent,
    "bottom_percent": selections.BottomPercent,
    "sample": selections.Sample,
}
"""The key that names each kind of condition."""


def _condition(value: Any, _: Any) -> Condition:
    return choose(value, KINDS, "a condition", "{field: orders, op: gte, value: 2}")


AnyCondition = Annotated[
    AllOf
    | AnyOf
    | NoneOf
    | Comparison
    | happenings.Did
    | happenings.DidNot
    | happenings.SumOf
    | happenings.AverageOf
    | happenings.SmallestOf
    | happenings.LargestOf
    | happenings.DistinctOf
    | happenings.FirstDid
    | happenings.LastDid
    | Sequence
    | selections.InSegment
    | selections.Consented
    | selections.Top
    | selections.Bottom
    | selections.TopPercent
    | selections.BottomPercent
    | selections.Sample,
    WrapValidator(_condition),
]
for group in (AllOf, AnyOf, NoneOf):
    group.model_rebuild()
