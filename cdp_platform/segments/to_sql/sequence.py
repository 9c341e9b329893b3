"""Steps in order: each subquery holds the customers who came so far, and when they took their last step."""

from datetime import timedelta

from sqlglot import exp, select
from sqlglot.expressions import Literal, column

from cdp_platform.segments.conditions.sequence import DidNotStep, DidStep, Sequence, Step
from cdp_platform.segments.to_sql.happenings import WHEN, matching, timeline
from cdp_platform.segments.to_sql.query import KEY, Query
from cdp_platform.segments.to_sql.values import inside, literal

AT = "step_at"
"""When the last step happened."""


def sequence(condition: Sequence, query: Query) -> exp.Expr:
    """The customer took every step."""
    first, *rest = condition.sequence
    if not isinstance(first, DidStep):
        raise TypeError("a sequence begins with a step that happened")
    so_far = (
        select(column(KEY, "h"), exp.alias_(column(WHEN, "h"), AT))
        .from_(timeline())
        .where(*matching(first.did, first.where, query), *inside(column(WHEN, "h"), condition.window(query.as_of)))
        .distinct()
    )
    for step in rest:
        so_far = _next(step, query.share("step", so_far), query)
    return query.is_in(query.share("step", so_far))


def _next(step: Step, before: str, query: Query) -> exp.Select:
    came = exp.to_table(before).as_("b")
    if isinstance(step, DidNotStep):
        met = exp.Exists(this=select("1").from_(timeline()).where(*_later(step, step.did_not, query)))
        kept = select(column(KEY, "b"), column(AT, "b")).from_(came).where(exp.not_(met))
        return kept.where(*_over(step.limit, query)) if step.limit else kept
    if isinstance(step, DidStep):
        return (
            select(column(KEY, "h"), exp.alias_(column(WHEN, "h"), AT))
            .from_(came)
            .join(timeline(), on=exp.and_(*_later(step, step.did, query)))
            .distinct()
        )
    raise TypeError(f"no step: {type(step).__name__}")


def _later(step: Step, kind: str, query: Query) -> list[exp.Expr]:
    """A happening of the same customer: strictly later, before the limit, before the as-of day."""
    at = column(WHEN, "h")
    found = [
        exp.EQ(this=column(KEY, "h"), expression=column(KEY, "b")),
        exp.GT(this=at, expression=column(AT, "b")),
        exp.LT(this=at.copy(), expression=literal(query.as_of)),
        *matching(kind, step.where, query),
    ]
    if step.limit:
        seconds = Literal.number(int(step.limit.total_seconds()))
        limit = exp.Add(this=column(AT, "b"), expression=exp.Interval(this=seconds, unit=exp.var("SECOND")))
        found.append(exp.LT(this=at.copy(), expression=limit))
    return found


def _over(limit: timedelta, query: Query) -> list[exp.Expr]:
    """The limit has passed: whoever filled a basket an hour ago has not left it for two days yet."""
    return [exp.LTE(this=column(AT, "b"), expression=literal(query.as_of - limit))]
