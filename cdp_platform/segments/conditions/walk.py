"""Every condition of a definition, with the way that leads to it."""

from collections.abc import Iterator, Sequence

from cdp_platform.segments.conditions.base import Condition
from cdp_platform.segments.conditions.groups import AllOf, AnyOf, NoneOf
from cdp_platform.segments.conditions.selections import InSegment

Path = tuple[str | int, ...]


def walk(condition: Condition, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """The condition itself and all inside it, each with its path from the outermost."""
    yield path, condition
    for index, part in enumerate(parts(condition)):
        yield from walk(part, (*path, group_key(condition), index))


def parts(condition: Condition) -> Sequence[Condition]:
    """What a group holds; nothing for a single condition."""
    match condition:
        case AllOf():
            return condition.all
        case AnyOf():
            return condition.any
        case NoneOf():
            return condition.none
        case _:
            return []


def group_key(condition: Condition) -> str:
    """The key of a group: all, any or none."""
    return next(iter(type(condition).model_fields))


def segments_named(condition: Condition) -> list[str]:
    """The other segments that a definition looks at, each once, in the order in which they stand."""
    named = [c.in_segment for _, c in walk(condition) if isinstance(c, InSegment)]
    return list(dict.fromkeys(named))
