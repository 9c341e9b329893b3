"""Counts, figures, firsts and lasts over the timeline."""

from collections.abc import Sequence

from sqlglot import exp, select
from sqlglot.expressions import Literal, column

from cdp_platform.customers.contract import TIMELINE
from cdp_platform.segments.conditions.comparison import Comparison
from cdp_platform.segments.conditions.happenings import Did, DidNot, FirstDid, Happening, LastDid, Measured
from cdp_platform.segments.conditions.values import Bounds
from cdp_platform.segments.fields import HAPPENING_FIELDS
from cdp_platform.segments.to_sql.query import KEY, Query
from cdp_platform.segments.to_sql.values import COMPARE, compare, inside, is_null, literal

WHEN = "happened_at"


def happened(condition: Happening, query: Query) -> exp.Expr:
    """The customer stands in (or out of) the customers whose happenings are such."""
    at = column(WHEN, "h")
    of_kind = matching(condition.kind, condition.where, query)
    per_customer = select(column(KEY, "h")).from_(timeline()).where(*of_kind).group_by(column(KEY, "h"))
    window = condition.window(query.as_of)
    match condition:
        case FirstDid() | LastDid():
            edge = exp.Min(this=at) if isinstance(condition, FirstDid) else exp.Max(this=at)
            before = exp.LT(this=at.copy(), expression=literal(query.as_of))
            return _is_in(per_customer.where(before).having(*inside(edge, window)), query)
        case DidNot():
            return exp.not_(_is_in(per_customer.where(*inside(at, window)), query))
        case Did():
            return _bounded(per_customer.where(*inside(at, window)), exp.Count(this=exp.Star()), condition.times, query)
        case Measured():
            figure = _figure(condition)
            return _bounded(per_customer.where(*inside(at, window)), figure, condition, query)
        case _:
            raise TypeError(f"no happening: {type(condition).__name__}")


def timeline(alias: str = "h") -> exp.Expr:
    """The timeline under an alias."""
    return exp.to_table(TIMELINE.name).as_(alias)


def matching(kind: str, filters: Sequence[Comparison], query: Query, alias: str = "h") -> list[exp.Expr]:
    """The conditions of one kind of happening of known customers, with its filters."""
    return [
        exp.not_(is_null(column(KEY, alias))),  # nobody is known to have done it; `not in` would fail on the null
        exp.EQ(this=column("kind", alias), expression=Literal.string(kind)),
        *(compare(column(f.field, alias), f, HAPPENING_FIELDS[f.field].kind, query.as_of) for f in filters),
    ]


def _figure(condition: Measured) -> exp.Expr:
    of = column(condition.of, "h")
    match condition.measure:
        case "sum":
            return exp.Coalesce(this=exp.Sum(this=of), expressions=[Literal.number(0)])
        case "average":
            return exp.Avg(this=of)
        case "smallest":
            return exp.Min(this=of)
        case "largest":
            return exp.Max(this=of)
        case "distinct":
            return exp.Count(this=exp.Distinct(expressions=[of]))


def _bounded(per_customer: exp.Select, figure: exp.Expr, bounds: Bounds, query: Query) -> exp.Expr:
    """Customers whose figure keeps to the bounds.

    Who did nothing has no row to count. So where 0 keeps to the bounds, the customers that break them are left out.
    """
    kept = exp.and_(*(COMPARE[op](this=figure.copy(), expression=literal(bound)) for op, bound in bounds.bounds()))
    exists_without = not isinstance(bounds, Measured) or bounds.measure in ("sum", "distinct")
    if exists_without and bounds.holds_for(0):
        return exp.not_(_is_in(per_customer.having(exp.not_(kept)), query))
    return _is_in(per_customer.having(kept), query)


def _is_in(per_customer: exp.Select, query: Query) -> exp.Expr:
    return query.is_in(query.share("happened", per_customer))
