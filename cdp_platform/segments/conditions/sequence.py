"""One thing, then another: `{sequence: [{did: Product Added}, {did_not: order, within_hours: 48}]}`."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field, WrapValidator, model_validator

from cdp_platform.segments.conditions.base import Condition, choose
from cdp_platform.segments.conditions.happenings import Filters, Kind
from cdp_platform.segments.conditions.values import Days, Windowed


class Step(Condition):
    """One step; its time runs from the last step that happened."""

    where: Filters = []
    within_hours: Days | None = Field(default=None, description="Less than n hours after the step before.")
    within_days: Days | None = Field(default=None, description="Less than n days after the step before.")

    @model_validator(mode="after")
    def _one_limit(self) -> "Step":
        if self.within_hours is not None and self.within_days is not None:
            raise ValueError("within_hours and within_days both limit the step: keep one")
        return self

    @property
    def limit(self) -> timedelta | None:
        """The time that the step has, if it is limited."""
        if self.within_hours is not None:
            return timedelta(hours=self.within_hours)
        return None if self.within_days is None else timedelta(days=self.within_days)


class DidStep(Step):
    """Then it happened, strictly later than the step before."""

    did: str = Kind


class DidNotStep(Step):
    """Then it did not happen. With a limit, the step holds only once the limit has passed before the as-of day."""

    did_not: str = Kind


STEPS: dict[str, type[Condition]] = {"did": DidStep, "did_not": DidNotStep}


def _step(value: Any, _: Any) -> Condition:
    return choose(value, STEPS, "a step", "{did: order}")


AnyStep = Annotated[DidStep | DidNotStep, WrapValidator(_step)]


class Sequence(Windowed):
    """Steps in order. The window is that of the first step; the others may come any time before the as-of day."""

    sequence: list[AnyStep] = Field(min_length=2, description="The steps, the first one first.")

    @model_validator(mode="after")
    def _begins_with_something(self) -> "Sequence":
        first = self.sequence[0]
        if isinstance(first, DidNotStep) or first.limit is not None:
            raise ValueError("a sequence begins with a step that happened, such as {did: Product Added}, without limit")
        return self
