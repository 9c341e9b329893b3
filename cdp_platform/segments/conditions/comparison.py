"""A field compared with a value: `{field: net_value, op: gte, value: 1000}`."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from cdp_platform.customers.fields import Kind
from cdp_platform.segments.conditions.base import Condition
from cdp_platform.segments.conditions.values import AnyValue, DaysAgo

Operator = Literal[
    "eq", "ne", "gt", "gte", "lt", "lte", "between", "in", "not_in", "contains", "starts_with", "ends_with",
    "has", "has_not", "before", "after", "within", "present", "missing",
]  # fmt: skip

_TIMES: tuple[Operator, ...] = ("before", "after", "within", "between", "present", "missing")
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    "text": ("eq", "ne", "in", "not_in", "contains", "starts_with", "ends_with", "present", "missing"),
    "number": ("eq", "ne", "gt", "gte", "lt", "lte", "between", "in", "not_in", "present", "missing"),
    "boolean": ("eq", "ne", "present", "missing"),
    "date": _TIMES,
    "timestamp": _TIMES,
    "list": ("has", "has_not"),
}
"""The operators that each kind of field knows."""


class Comparison(Condition):
    """A field compared with a value. `ne`, `not_in` and `has_not` also hold where the field is empty."""

    field: str = Field(description="A field of the customer (`net_value`) or of a score (`rfm.label`).")
    op: Operator = Field(
        description="How to compare. Texts are compared as they are by eq, ne, in and not_in, and without regard to "
        "case by contains, starts_with and ends_with. `between` takes both ends of numbers, and the first but not the "
        "second of dates. `after` begins at its day; `within` is from n days ago up to the as-of day."
    )
    value: AnyValue | None = Field(default=None, description="What to compare with; a list for in, not_in, between.")
    days_ago: DaysAgo | None = Field(
        default=None, description="Instead of a date: days before the as-of day; two for between, the older first."
    )

    @model_validator(mode="after")
    def _value_fits_operator(self) -> "Comparison":
        if self.days_ago is not None and self.op not in ("before", "after", "within", "between"):
            raise ValueError(f"days_ago does not go with op '{self.op}'")
        match self.op:
            case "present" | "missing":
                if self.value is not None:
                    raise ValueError(f"op '{self.op}' takes no value")
            case "in" | "not_in":
                if not isinstance(self.value, tuple) or not self.value:
                    raise ValueError(f"op '{self.op}' takes a list of values, as in value: [GB, FR]")
            case "contains" | "starts_with" | "ends_with":
                if not isinstance(self.value, str) or not self.value:
                    raise ValueError(f"op '{self.op}' takes a text that is not empty")
            case "gt" | "gte" | "lt" | "lte":
                if not is_number(self.value):
                    raise ValueError(f"op '{self.op}' takes a number")
            case "before" | "after":
                if (self.value is None) == (self.days_ago is None):
                    raise ValueError(f"op '{self.op}' takes a date as value, or days_ago")
                if not isinstance(self.value, date | None) or isinstance(self.days_ago, tuple):
                    raise ValueError(f"op '{self.op}' takes one date as value, or one number as days_ago")
            case "within":
                if self.value is not None or not isinstance(self.days_ago, int) or self.days_ago == 0:
                    raise ValueError("op 'within' takes days_ago: a number of days from 1 on")
            case "between":
                self._check_ends()
            case _:
                if self.value is None or isinstance(self.value, tuple):
                    raise ValueError(f"op '{self.op}' takes one value; for empty fields write op: missing")
        return self

    def _check_ends(self) -> None:
        if self.days_ago is not None and self.value is None and isinstance(self.days_ago, tuple):
            return
        ends = self.value
        if self.days_ago is not None or not isinstance(ends, tuple) or len(ends) != 2:
            raise ValueError("op 'between' takes two numbers or dates as value, or two days_ago, as in [120, 30]")
        numbers, dates = all(map(is_number, ends)), len({type(e) for e in ends if isinstance(e, date)}) == 1
        if not (numbers or (dates and all(isinstance(e, date) for e in ends))):
            raise ValueError("op 'between' takes two numbers or two dates")
        if ends[0] > ends[1]:  # pyright: ignore[reportOperatorIssue] both are numbers or both are dates here
            raise ValueError("op 'between' takes the smaller end first")


def is_number(value: object) -> bool:
    """Whether it is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)
