"""The order in which segments are worked out: each after those it looks at."""

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from cdp_platform.segments.conditions.walk import segments_named
from cdp_platform.segments.config import Segment
from cdp_platform.shared.warehouse.build import fingerprint


def in_order(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, each after those it looks at. Raises graphlib.CycleError."""
    by_name = {s.name: s for s in segments}
    graph = TopologicalSorter({s.name: sorted(by_name.keys() & segments_named(s.where)) for s in segments})
    return [by_name[name] for name in graph.static_order()]


def circle(segments: Iterable[Segment]) -> list[str]:
    """The names along one circle of segments that look at each other, first and last the same; empty if none."""
    try:
        in_order(list(segments))
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def definitions(segments: Sequence[Segment]) -> dict[str, str]:
    """The version of each definition: a hash of its conditions and of the segments it looks at."""
    versions: dict[str, str] = {}
    for segment in in_order(segments):
        inner = (versions[name] for name in segments_named(segment.where) if name in versions)
        versions[segment.name] = fingerprint(segment.where.model_dump_json(exclude_none=True), *inner)[:12]
    return versions
