"""Other segments, consents, ranks and random samples."""

from sqlglot import exp, select
from sqlglot.expressions import Literal, column

from cdp_platform.customers.contract import CONSENTS
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
from cdp_platform.segments.to_sql.query import CUSTOMER, KEY, Query, customers
from cdp_platform.segments.to_sql.values import is_null

SLICES = 16**6
"""A sample is cut at one of 16,777,216 places: the first six digits of an md5 are compared as text."""


def in_segment(condition: InSegment, query: Query) -> exp.Expr:
    """The customer is a member of another segment."""
    members = (
        select(KEY)
        .from_(exp.to_table(query.memberships))
        .where(exp.EQ(this=column("segment"), expression=Literal.string(condition.in_segment)))
    )
    return query.is_in(query.share("members", members))


def consented(condition: Consented, query: Query) -> exp.Expr:
    """The customer has granted consent; a word that is missing is a no."""
    granted = (
        select(KEY)
        .from_(exp.to_table(CONSENTS.name))
        .where(
            exp.EQ(this=column("purpose"), expression=Literal.string(condition.consented)),
            exp.EQ(this=column("status"), expression=Literal.string("granted")),
            exp.not_(is_null(column(KEY))),
        )
    )
    return query.is_in(query.share("consented", granted))


def ranked(condition: Rank, query: Query) -> exp.Expr:
    """The customer stands among the first or last by a field; equal values go by customer id."""
    inner = Query(query.as_of)
    by = inner.column(condition.by)
    highest = isinstance(condition, Top | TopPercent)
    order = exp.Order(
        expressions=[
            exp.Ordered(this=by, desc=highest, nulls_first=False),
            exp.Ordered(this=column(KEY, CUSTOMER), desc=False, nulls_first=False),
        ]
    )
    places = customers(inner.scores).select(
        column(KEY, CUSTOMER),
        exp.alias_(exp.Window(this=exp.RowNumber(), order=order), "place"),
        exp.alias_(exp.Window(this=exp.Count(this=exp.Star())), "places"),
    )
    places = places.where(exp.not_(is_null(by)))
    among = select(KEY).from_(places.subquery("ranked")).where(_first(condition))
    return query.is_in(query.share("ranked", among))


def _first(condition: Rank) -> exp.Expr:
    match condition:
        case Top(top=number) | Bottom(bottom=number):
            return exp.LTE(this=column("place"), expression=Literal.number(number))
        case TopPercent(top_percent=percent) | BottomPercent(bottom_percent=percent):
            hundredfold = exp.Mul(this=column("place"), expression=Literal.number(100))
            return exp.LTE(
                this=hundredfold, expression=exp.Mul(this=column("places"), expression=Literal.number(percent))
            )
        case _:
            raise TypeError(f"no rank: {type(condition).__name__}")


def sampled(condition: Sample) -> exp.Expr:
    """The customer falls into the slice: md5 is the same in every dialect, a modulo or another hash is not."""
    salted = exp.DPipe(this=Literal.string(condition.salt + ":"), expression=column(KEY, CUSTOMER), safe=True)
    place = exp.Substring(this=exp.Lower(this=exp.MD5(this=salted)), start=Literal.number(1), length=Literal.number(6))
    low, high = condition.sample
    found: list[exp.Expr] = []
    if low > 0:
        found.append(exp.GTE(this=place.copy(), expression=Literal.string(cut(low))))
    if high < 1:
        found.append(exp.LT(this=place.copy(), expression=Literal.string(cut(high))))
    return exp.and_(*found) if found else exp.true()


def cut(share: float) -> str:
    """The six digits at which a share ends."""
    return f"{int(share * SLICES):06x}"
