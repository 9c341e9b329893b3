"""What a definition means, said a second time without SQL: one customer after the other."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from cdp_platform.segments import explain
from cdp_platform.segments.conditions import groups, happenings, selections, sequence
from cdp_platform.segments.conditions.base import Condition
from cdp_platform.segments.conditions.comparison import Comparison
from tests.segments.small_company import AS_OF, MIDNIGHT, Row

DAY = timedelta(days=1)
SCORES = {"rfm", "purchase", "value"}


class World:
    """The company's rows, looked up by customer."""

    def __init__(self, tables: dict[str, list[Row]]):
        self.customers = tables["customers.customers"]
        self.scores = {
            name: {row["customer_id"]: row for row in tables[f"scores.{name}"]} for name in ("rfm", "purchase", "value")
        }
        self.members = {(m["segment"], m["customer_id"]) for m in tables["segments.memberships"]}
        self.granted = {
            (c["purpose"], c["customer_id"]) for c in tables["customers.consents"] if c["status"] == "granted"
        }
        self.timeline: dict[str, list[Row]] = {}
        for row in tables["customers.timeline"]:
            self.timeline.setdefault(row["customer_id"], []).append(row)

    def value(self, customer: Row, field: str) -> Any:
        if "." not in field:
            return customer[field]
        score, column = field.split(".")
        return self.scores[score].get(customer["customer_id"], {}).get(column)

    def happened(self, customer: Row, kind: str, where: Sequence[Comparison]) -> list[Row]:
        rows = self.timeline.get(customer["customer_id"], [])
        return [r for r in rows if r["kind"] == kind and all(compares(r[f.field], f) for f in where)]


def members(where: Condition, world: World) -> dict[str, str]:
    """Customer id to reason."""
    found = [c for c in world.customers if holds(where, c, world)]
    return {c["customer_id"]: "; ".join(reasons(where, c, world)) for c in found}


def reasons(condition: Condition, customer: Row, world: World) -> list[str]:
    """The words of what holds."""
    match condition:
        case groups.AllOf():
            return [text for part in condition.all for text in reasons(part, customer, world)]
        case groups.AnyOf():
            holding = [part for part in condition.any if holds(part, customer, world)]
            return [text for part in holding for text in reasons(part, customer, world)]
        case _:
            return [explain.words(condition, AS_OF)]


def holds(condition: Any, customer: Row, world: World) -> bool:
    """Whether a condition holds for a customer."""
    who = customer["customer_id"]
    match condition:
        case groups.AllOf():
            return all(holds(part, customer, world) for part in condition.all)
        case groups.AnyOf():
            return any(holds(part, customer, world) for part in condition.any)
        case groups.NoneOf():
            return not any(holds(part, customer, world) for part in condition.none)
        case Comparison():
            return compares(world.value(customer, condition.field), condition)
        case happenings.Happening():
            return happened(condition, customer, world)
        case sequence.Sequence():
            return went_through(condition, customer, world)
        case selections.InSegment():
            return (condition.in_segment, who) in world.members
        case selections.Consented():
            return (condition.consented, who) in world.granted
        case selections.Sample():
            low, high = (int(end * 16**6) for end in condition.sample)
            return low <= int(hashlib.md5(f"{condition.salt}:{who}".encode()).hexdigest()[:6], 16) < high
        case selections.Rank():
            return who in first_by(condition, world)


def compares(value: Any, condition: Comparison) -> bool:
    """One comparison."""
    op, said = condition.op, condition.value
    if op in ("present", "missing"):
        return (value is None) == (op == "missing")
    if op in ("ne", "not_in", "has_not"):
        return {
            "ne": lambda: value is None or value != said,
            "not_in": lambda: value is None or value not in said,
            "has_not": lambda: said not in (value or []),
        }[op]()
    if value is None:
        return False
    if op in ("before", "after", "within") or (op == "between" and isinstance(value, date)):
        return in_time(value, condition)
    return {
        "eq": lambda: value == said, "gt": lambda: value > said, "gte": lambda: value >= said,
        "lt": lambda: value < said, "lte": lambda: value <= said, "in": lambda: value in said,
        "between": lambda: said[0] <= value <= said[1], "has": lambda: said in value,
        "contains": lambda: said.lower() in value.lower(),
        "starts_with": lambda: value.lower().startswith(said.lower()),
        "ends_with": lambda: value.lower().endswith(said.lower()),
    }[op]()  # fmt: skip


def in_time(value: date, condition: Comparison) -> bool:
    """A date or time against days ago or dates."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    said = condition.days_ago if condition.days_ago is not None else condition.value
    ends = [
        MIDNIGHT - e * DAY if isinstance(e, int) else datetime.combine(e, time())
        for e in (said if isinstance(said, tuple) else (said,))
    ]
    return {
        "before": lambda: moment < ends[0], "after": lambda: moment >= ends[0],
        "within": lambda: ends[0] <= moment < MIDNIGHT, "between": lambda: ends[0] <= moment < ends[1],
    }[condition.op]()  # fmt: skip


def in_window(condition: Any, moment: datetime) -> bool:
    """Half open windows before the as-of day."""
    if condition.days_ago:
        older, newer = condition.days_ago
        return MIDNIGHT - older * DAY <= moment < MIDNIGHT - newer * DAY
    return moment < MIDNIGHT and (not condition.within_days or moment >= MIDNIGHT - condition.within_days * DAY)


def happened(condition: Any, customer: Row, world: World) -> bool:
    """Counts, figures, firsts and lasts."""
    of_kind = world.happened(customer, condition.kind, condition.where)
    if isinstance(condition, happenings.FirstDid | happenings.LastDid):
        times = [r["happened_at"] for r in of_kind if r["happened_at"] < MIDNIGHT]
        edge = min if isinstance(condition, happenings.FirstDid) else max
        return bool(times) and in_window(condition, edge(times))
    rows = [r for r in of_kind if in_window(condition, r["happened_at"])]
    if isinstance(condition, happenings.DidNot):
        return not rows
    if isinstance(condition, happenings.Did):
        return keeps(len(rows), condition.times)
    values = [r[condition.of] for r in rows if r[condition.of] is not None]
    if condition.measure == "sum":
        return keeps(sum(values), condition)
    if condition.measure == "distinct":
        return keeps(len(set(values)), condition)
    if not values:
        return False
    figures = {"average": Fraction(sum(values), len(values)), "smallest": min(values), "largest": max(values)}
    return keeps(figures[condition.measure], condition)


def keeps(figure: Any, bounds: Any) -> bool:
    """Whether a figure keeps to bounds."""
    return (
        (bounds.eq is None or figure == bounds.eq)
        and (bounds.ne is None or figure != bounds.ne)
        and (bounds.gt is None or figure > bounds.gt)
        and (bounds.gte is None or figure >= bounds.gte)
        and (bounds.lt is None or figure < bounds.lt)
        and (bounds.lte is None or figure <= bounds.lte)
    )


def went_through(condition: sequence.Sequence, customer: Row, world: World) -> bool:
    """Steps in order, each strictly later than the one before."""
    first, *rest = condition.sequence
    assert isinstance(first, sequence.DidStep)
    starts = world.happened(customer, first.did, first.where)
    reached = {r["happened_at"] for r in starts if in_window(condition, r["happened_at"])}
    for step in rest:
        did = isinstance(step, sequence.DidStep)
        kind = step.did if did else step.did_not
        moments = [r["happened_at"] for r in world.happened(customer, kind, step.where)]
        following: set[datetime] = set()
        for at in reached:
            limit = None
            if step.within_hours or step.within_days:
                limit = at + timedelta(hours=step.within_hours or 0, days=step.within_days or 0)
            met = {m for m in moments if at < m < MIDNIGHT and (limit is None or m < limit)}
            if did:
                following |= met
            elif not met and (limit is None or limit <= MIDNIGHT):
                following.add(at)
        reached = following
    return bool(reached)


def first_by(condition: Any, world: World) -> list[str]:
    """The ids of the first or last customers; equal values by id."""
    ranked = [(world.value(c, condition.by), c["customer_id"]) for c in world.customers]
    ranked = sorted((value, who) for value, who in ranked if value is not None)
    if isinstance(condition, selections.Top | selections.TopPercent):
        ranked = sorted(ranked, key=lambda pair: pair[0], reverse=True)  # keeps the order of ids among equals
    match condition:
        case selections.Top():
            number = condition.top
        case selections.Bottom():
            number = condition.bottom
        case selections.TopPercent():
            number = int(Fraction(str(condition.top_percent)) * len(ranked) / 100)
        case selections.BottomPercent():
            number = int(Fraction(str(condition.bottom_percent)) * len(ranked) / 100)
    return [who for _, who in ranked[:number]]
