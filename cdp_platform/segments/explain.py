"""Conditions in words that a marketer understands."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from cdp_platform.segments.conditions.base import Condition
from cdp_platform.segments.conditions.comparison import Comparison
from cdp_platform.segments.conditions.groups import AllOf, AnyOf, NoneOf
from cdp_platform.segments.conditions.happenings import Did, DidNot, FirstDid, Happening, LastDid, Measured
from cdp_platform.segments.conditions.selections import (
    Bottom,
    BottomPercent,
    Consented,
    InSegment,
    Rank,
    Sample,
    Top,
    TopPercent,
)
from cdp_platform.segments.conditions.sequence import DidStep, Step
from cdp_platform.segments.conditions.sequence import Sequence as Steps
from cdp_platform.segments.conditions.values import Bounds, Scalar, Windowed

AMOUNTS = {
    "eq": "exactly", "ne": "not", "gt": "more than", "gte": "at least", "lt": "less than", "lte": "at most",
}  # fmt: skip
PLAIN = {
    "eq": "is", "ne": "is not", "in": "is", "not_in": "is not", "contains": "contains", "starts_with": "begins with",
    "ends_with": "ends with", "has": "include", "has_not": "do not include", "before": "before", "after": "from",
}  # fmt: skip


def words(condition: Condition, as_of: date) -> str:
    """One condition, or a whole definition, as a phrase: "net value at least 1000", "no order since 2011-10-11"."""
    match condition:
        case AllOf():
            return "; ".join(_inner(part, as_of) for part in condition.all)
        case AnyOf():
            return " or ".join(_inner(part, as_of) for part in condition.any)
        case NoneOf():
            return "none of: " + ", ".join(_inner(part, as_of) for part in condition.none)
        case Comparison():
            return _comparison(condition, as_of)
        case Happening():
            return _happening(condition, as_of)
        case Steps():
            return ", ".join([", then ".join(_step(s, as_of) for s in condition.sequence), *_window(condition, as_of)])
        case _:
            return _selection(condition)


def _inner(condition: Condition, as_of: date) -> str:
    if isinstance(condition, AllOf):
        return f"({' and '.join(_inner(part, as_of) for part in condition.all)})"
    text = words(condition, as_of)
    return f"({text})" if isinstance(condition, AnyOf | NoneOf) else text


def field_words(name: str) -> str:
    """`last_order_at` is "last order", `rfm.label` is "rfm label"."""
    return name.removesuffix("_at").replace("_", " ").replace(".", " ")


def _comparison(condition: Comparison, as_of: date) -> str:
    name, op, said = field_words(condition.field), condition.op, condition.days_ago
    if op in ("present", "missing"):
        return f"{name} is {'known' if op == 'present' else 'not known'}"
    if isinstance(said, tuple):
        return f"{name} {_days(as_of, said)}"
    if op == "within" and said is not None:
        return f"{name} since {as_of - timedelta(days=said)}"
    if said is not None:
        return f"{name} {PLAIN[op]} {as_of - timedelta(days=said)}"
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    told = [_value(v) for v in values if v is not None]
    if op == "between":
        joint = "from {} to before {}" if isinstance(values[0], date) else "between {} and {}"
        return f"{name} {joint.format(*told)}"
    if op in ("gt", "gte", "lt", "lte"):
        return f"{name} {AMOUNTS[op]} {told[0]}"
    return f"{name} {PLAIN[op]} {(' or ' if op != 'not_in' else ' nor ').join(told)}"


def _happening(condition: Happening, as_of: date) -> str:
    match condition:
        case DidNot():
            what = f"no {condition.kind}"
        case FirstDid():
            what = f"first {condition.kind}"
        case LastDid():
            what = f"last {condition.kind}"
        case Measured():
            what = f"{condition.measure} {field_words(condition.of)} of {condition.kind} {_bounds(condition)}"
        case Did() if condition.times.bounds() != [("gte", 1)]:
            what = f"{condition.kind} {_bounds(condition.times)} times"
        case _:
            what = condition.kind
    return " ".join([what, *_window(condition, as_of), *_filters(condition.where, as_of)])


def _bounds(bounds: Bounds) -> str:
    return " and ".join(f"{AMOUNTS[op]} {_value(bound)}" for op, bound in bounds.bounds())


def _filters(filters: Sequence[Comparison], as_of: date) -> list[str]:
    return [f"with {' and '.join(_comparison(f, as_of) for f in filters)}"] if filters else []


def _window(condition: Windowed, as_of: date) -> list[str]:
    if condition.days_ago is not None:
        return [_days(as_of, condition.days_ago)]
    start = condition.window(datetime.combine(as_of, time())).start
    return [] if start is None else [f"since {start.date()}"]


def _days(as_of: date, span: tuple[int, int]) -> str:
    return f"from {as_of - timedelta(days=span[0])} to before {as_of - timedelta(days=span[1])}"


def _step(step: Step, as_of: date) -> str:
    what = step.did if isinstance(step, DidStep) else f"no {getattr(step, 'did_not', '')}"
    limit = f"within {step.within_hours} hours" if step.within_hours else f"within {step.within_days} days"
    return " ".join([what, *([limit] if step.limit else []), *_filters(step.where, as_of)])


def _selection(condition: Condition) -> str:
    match condition:
        case InSegment():
            return f"in segment {condition.in_segment}"
        case Consented():
            return f"consent to {condition.consented}"
        case Rank():
            return f"among the {_places(condition)} by {field_words(condition.by)}"
        case Sample():
            low, high = (f"{100 * end:g}" for end in condition.sample)
            return f"in the random slice {low} to {high} % of {condition.salt}"
        case _:
            raise TypeError(f"no words for {type(condition).__name__}")


def _places(condition: Rank) -> str:
    match condition:
        case Top():
            return f"{condition.top} highest"
        case Bottom():
            return f"{condition.bottom} lowest"
        case TopPercent():
            return f"highest {condition.top_percent:g} %"
        case BottomPercent():
            return f"lowest {condition.bottom_percent:g} %"
        case _:
            raise TypeError(f"no rank: {type(condition).__name__}")


def _value(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else str(value)
