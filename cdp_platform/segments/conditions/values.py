"""Values that conditions compare with, and the windows of time they look at."""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from cdp_platform.segments.conditions.base import Condition
from cdp_platform.shared.config import Config

Scalar = bool | int | float | str | date | datetime
Value = Scalar | tuple[Scalar, ...]


def _scalar(value: Any) -> Scalar:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, bool | int | str | date) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise ValueError("a value is a text, a number, a date, true or false")


def _value(value: Any) -> Value:
    return tuple(_scalar(v) for v in value) if isinstance(value, list | tuple) else _scalar(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"a whole number of days, 0 or more, stands here, not {value!r}")
    return value


def _span(value: Any) -> tuple[int, int]:
    if not isinstance(value, list | tuple) or len(value) != 2 or _whole(value[0]) <= _whole(value[1]):
        raise ValueError("two whole numbers of days stand here, the older first, as in [120, 30]")
    return value[0], value[1]


def _days_ago(value: Any) -> int | tuple[int, int]:
    return _span(value) if isinstance(value, list | tuple) else _whole(value)


AnyValue = Annotated[Value, BeforeValidator(_value)]
DaySpan = Annotated[tuple[int, int], BeforeValidator(_span)]
DaysAgo = Annotated[int | tuple[int, int], BeforeValidator(_days_ago)]
Days = Annotated[int, Field(strict=True, gt=0)]


class Window(NamedTuple):
    """Half open: from `start` (any time before when None) up to, but without, `end`."""

    start: datetime | None
    end: datetime


class Windowed(Condition):
    """A condition about happenings in a window of time. Without a window: everything before the as-of day."""

    within_days: Days | None = Field(default=None, description="In the last n days before the as-of day.")
    days_ago: DaySpan | None = Field(
        default=None, description="From n to m days before the as-of day: [120, 30], the 30th day left out."
    )

    @model_validator(mode="after")
    def _one_window(self) -> "Windowed":
        if self.within_days is not None and self.days_ago is not None:
            raise ValueError("within_days and days_ago both name a window: keep one")
        return self

    def window(self, as_of: datetime) -> Window:
        """The window as times."""
        if self.days_ago is not None:
            return Window(as_of - timedelta(days=self.days_ago[0]), as_of - timedelta(days=self.days_ago[1]))
        return Window(None if self.within_days is None else as_of - timedelta(days=self.within_days), as_of)


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Bounds(Config):
    """What a number is compared with; several bounds hold together."""

    eq: Number | None = Field(default=None, description="Exactly.")
    ne: Number | None = Field(default=None, description="Anything but.")
    gt: Number | None = Field(default=None, description="More than.")
    gte: Number | None = Field(default=None, description="At least.")
    lt: Number | None = Field(default=None, description="Less than.")
    lte: Number | None = Field(default=None, description="At most.")

    @model_validator(mode="after")
    def _some_bound(self) -> "Bounds":
        if not self.bounds():
            raise ValueError("needs at least one of eq, ne, gt, gte, lt, lte")
        return self

    def bounds(self) -> list[tuple[str, float]]:
        """The bounds that were given, as (operator, number)."""
        named = {"eq": self.eq, "ne": self.ne, "gt": self.gt, "gte": self.gte, "lt": self.lt, "lte": self.lte}
        return [(op, value) for op, value in named.items() if value is not None]

    def holds_for(self, number: float) -> bool:
        """Whether a number keeps to all bounds."""
        verdicts = {
            "eq": lambda b: number == b, "ne": lambda b: number != b, "gt": lambda b: number > b,
            "gte": lambda b: number >= b, "lt": lambda b: number < b, "lte": lambda b: number <= b,
        }  # fmt: skip
        return all(verdicts[op](bound) for op, bound in self.bounds())
