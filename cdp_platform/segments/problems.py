"""Mistakes in definitions that only the whole company shows."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from cdp_platform.customers.fields import Field, Kind
from cdp_platform.segments.conditions.base import Condition
from cdp_platform.segments.conditions.comparison import OPERATORS, Comparison, is_number
from cdp_platform.segments.conditions.happenings import Happening, Measured
from cdp_platform.segments.conditions.selections import Consented, InSegment, Rank
from cdp_platform.segments.conditions.sequence import Sequence
from cdp_platform.segments.conditions.walk import Path, walk
from cdp_platform.segments.config import Segment, SegmentsConfig
from cdp_platform.segments.fields import CUSTOMER_FIELDS, HAPPENING_FIELDS, Column
from cdp_platform.segments.order import circle
from cdp_platform.shared.config import Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company

KIND_IN_WORDS: dict[Kind, str] = {
    "text": "a text", "number": "a number", "date": "a date", "timestamp": "a time", "boolean": "true or false",
    "list": "a list",
}  # fmt: skip
MEASURABLE: tuple[Kind, ...] = ("number",)
RANKABLE: tuple[Kind, ...] = ("number", "date", "timestamp")


def of_segments(config: SegmentsConfig, company: "Company") -> Iterator[Problem]:
    """All problems of all segments."""
    names = tuple(dict.fromkeys(config.names()))
    for index, segment in enumerate(config.segments):
        if segment.name in config.names()[:index]:
            yield Problem(("segments", index, "name"), f"another segment is called '{segment.name}' too.")
        yield from _of_segment(segment, ("segments", index, "where"), names, company.privacy.names())
    if len(names) == len(config.segments) and (way := circle(config.segments)):
        yield Problem(
            ("segments", names.index(way[0]), "where"), f"leads back to itself: {' → '.join(way)}; break the circle."
        )


def _of_segment(segment: Segment, at: Path, names: tuple[str, ...], purposes: tuple[str, ...]) -> Iterator[Problem]:
    for path, condition in walk(segment.where, at):
        yield from _of_condition(condition, path, names, purposes)


def _of_condition(
    condition: Condition, at: Path, names: tuple[str, ...], purposes: tuple[str, ...]
) -> Iterator[Problem]:
    match condition:
        case Comparison():
            yield from _comparison(condition, at, CUSTOMER_FIELDS)
        case Happening():
            yield from _filters(condition.where, at)
            if isinstance(condition, Measured):
                kinds = tuple(OPERATORS) if condition.measure == "distinct" else MEASURABLE
                key = f"{condition.measure}_of"
                yield from _field(condition.of, (*at, key), HAPPENING_FIELDS, kinds, f"cannot be the {key}")
        case Sequence():
            for index, step in enumerate(condition.sequence):
                yield from _filters(step.where, (*at, "sequence", index))
        case InSegment() if condition.in_segment not in names:
            yield _unknown((*at, "in_segment"), condition.in_segment, "segment", names)
        case Consented() if condition.consented not in purposes:
            yield _unknown((*at, "consented"), condition.consented, "purpose of the privacy room", purposes)
        case Rank():
            yield from _field(condition.by, (*at, "by"), CUSTOMER_FIELDS, RANKABLE, "ranks nobody")
        case _:
            pass


def _filters(filters: list[Comparison], at: Path) -> Iterator[Problem]:
    for index, each in enumerate(filters):
        yield from _comparison(each, (*at, "where", index), HAPPENING_FIELDS)


def _field(
    name: str, at: Path, known: Mapping[str, Field | Column], kinds: tuple[Kind, ...], otherwise: str
) -> Iterator[Problem]:
    fitting = tuple(n for n, f in known.items() if f.kind in kinds)
    if name not in known:
        yield _unknown(at, name, "field", fitting)
    elif name not in fitting:
        yield Problem(at, f"{name} holds {KIND_IN_WORDS[known[name].kind]} and {otherwise}.", name, fitting)


def _comparison(condition: Comparison, at: Path, known: Mapping[str, Field | Column]) -> Iterator[Problem]:
    if condition.field not in known:
        yield _unknown((*at, "field"), condition.field, "field", tuple(known))
        return
    kind = known[condition.field].kind
    if condition.op not in OPERATORS[kind]:
        yield Problem(
            (*at, "op"),
            f"'{condition.op}' does not fit {condition.field}, which holds {KIND_IN_WORDS[kind]}.",
            condition.op,
            OPERATORS[kind],
        )
        return
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    for value in values:
        if value is not None and not _fits(value, kind):
            message = f"{condition.field} holds {KIND_IN_WORDS[kind]}, {_found(value, kind)}."
            yield Problem((*at, "value"), message, value)


def _fits(value: Any, kind: Kind) -> bool:
    match kind:
        case "text" | "list":
            return isinstance(value, str)
        case "number":
            return is_number(value)
        case "boolean":
            return isinstance(value, bool)
        case "date" | "timestamp":
            return isinstance(value, date)


def _found(value: Any, kind: Kind) -> str:
    if isinstance(value, str):
        return f"not the text '{value}'"
    if kind not in ("text", "list"):
        return f"not {value}"
    if isinstance(value, bool):
        return f"not {str(value).lower()} (YAML reads a bare yes, no, on and off as true or false: quote it)"
    return f"not {value} (quote it to make it a text)"


def _unknown(at: Path, name: str, what: str, allowed: tuple[str, ...]) -> Problem:
    if not allowed:
        return Problem(at, f"no {what} is called '{name}': there is none yet.", name)
    return Problem(at, f"no {what} is called '{name}'.", name, allowed)
