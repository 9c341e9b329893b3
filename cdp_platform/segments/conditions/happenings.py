"""What a customer did: counts, sums, firsts and lasts over the timeline."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, WrapValidator, model_validator

from cdp_platform.segments.conditions.base import Condition, choose
from cdp_platform.segments.conditions.comparison import Comparison
from cdp_platform.segments.conditions.values import Bounds, Windowed

Kind = Field(min_length=1, description="Kind of happening on the timeline: order, page, Product Viewed, …")


def _filter(value: Any, _: Any) -> Condition:
    return choose(value, {"field": Comparison}, "a filter", "{field: amount, op: gt, value: 20}")


Filters = Annotated[
    list[Annotated[Comparison, WrapValidator(_filter)]],
    Field(description="Only happenings for which all of these hold."),
]
Measure = Literal["sum", "average", "smallest", "largest", "distinct"]


class Times(Bounds):
    """How often; several bounds hold together."""

    @model_validator(mode="before")
    @classmethod
    def _is_mapping(cls, value: Any) -> Any:
        if not isinstance(value, dict | Times):
            raise ValueError(f"a mapping such as {{gte: 2}} stands here, not {value!r}")
        return value


class Happening(Windowed):
    """A condition about happenings of one kind."""

    where: Filters = []

    @property
    def kind(self) -> str:
        """The kind of happening."""
        raise NotImplementedError


class Did(Happening):
    """It happened, once or as often as `times` says: `{did: order, times: {gte: 2}, within_days: 365}`."""

    did: str = Kind
    times: Times = Field(default=Times(gte=1), description="How often; at least once when left out.")

    @property
    def kind(self) -> str:
        """The kind of happening."""
        return self.did


class DidNot(Happening):
    """It did not happen: `{did_not: order, within_days: 60}`."""

    did_not: str = Kind

    @property
    def kind(self) -> str:
        """The kind of happening."""
        return self.did_not


class Measured(Happening, Bounds):
    """A figure over happenings: `{sum_of: amount, did: order, gte: 500, within_days: 365}`.

    Without happenings, a sum and a distinct count are 0; an average, smallest and largest do not exist.
    """

    measure: ClassVar[Measure]
    did: str = Kind

    @property
    def kind(self) -> str:
        """The kind of happening."""
        return self.did

    @property
    def of(self) -> str:
        """The measured field of the happening."""
        return getattr(self, f"{self.measure}_of")


class SumOf(Measured):
    """The sum of a number."""

    measure = "sum"
    sum_of: str = Field(description="A number of the happening: amount, quantity, lines.")


class AverageOf(Measured):
    """The mean of a number, over the happenings that carry one."""

    measure = "average"
    average_of: str = Field(description="A number of the happening.")


class SmallestOf(Measured):
    """The smallest of a number."""

    measure = "smallest"
    smallest_of: str = Field(description="A number of the happening.")


class LargestOf(Measured):
    """The largest of a number."""

    measure = "largest"
    largest_of: str = Field(description="A number of the happening.")


class DistinctOf(Measured):
    """How many different values: `{distinct_of: category, did: Product Viewed, gte: 3}`."""

    measure = "distinct"
    distinct_of: str = Field(description="A field of the happening: sku, category, channel, …")


class FirstDid(Happening):
    """The first happening ever lies in the window: `{first_did: Product Viewed, within_days: 30}`."""

    first_did: str = Kind

    @property
    def kind(self) -> str:
        """The kind of happening."""
        return self.first_did


class LastDid(Happening):
    """The last happening before the as-of day lies in the window: `{last_did: order, days_ago: [120, 30]}`."""

    last_did: str = Kind

    @property
    def kind(self) -> str:
        """The kind of happening."""
        return self.last_did
