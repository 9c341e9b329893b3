"""A definition as one query: who is a member, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlglot import exp, select
from sqlglot.expressions import Literal, column

from cdp_platform.segments.conditions.base import Condition
from cdp_platform.segments.conditions.comparison import Comparison
from cdp_platform.segments.conditions.groups import AllOf, AnyOf, NoneOf
from cdp_platform.segments.conditions.happenings import Happening
from cdp_platform.segments.conditions.selections import Consented, InSegment, Rank, Sample
from cdp_platform.segments.conditions.sequence import Sequence as Steps
from cdp_platform.segments.conditions.walk import parts
from cdp_platform.segments.contract import MEMBERSHIPS
from cdp_platform.segments.explain import words
from cdp_platform.segments.fields import CUSTOMER_FIELDS
from cdp_platform.segments.to_sql import selections
from cdp_platform.segments.to_sql.happenings import happened
from cdp_platform.segments.to_sql.query import CUSTOMER, KEY, Query, customers
from cdp_platform.segments.to_sql.sequence import sequence
from cdp_platform.segments.to_sql.values import compare

SEPARATOR = "; "


@dataclass
class Judgement:
    """Every single condition of a definition as a column of one query; equal conditions share one."""

    query: Query
    columns: dict[str, str] = field(default_factory=dict[str, str])
    """SQL of the condition to the name of its column."""
    trees: list[exp.Expr] = field(default_factory=list[exp.Expr])

    def holds(self, condition: Condition) -> exp.Expr:
        """Whether a condition holds, in terms of the columns; never null."""
        match condition:
            case AllOf():
                return exp.and_(*map(self.holds, condition.all))
            case AnyOf():
                return exp.or_(*map(self.holds, condition.any))
            case NoneOf():
                return exp.not_(exp.or_(*map(self.holds, condition.none)))
            case _:
                return column(self.column(condition))

    def column(self, condition: Condition) -> str:
        """The name of the column that says whether a single condition holds."""
        tree = single(condition, self.query)
        name = self.columns.setdefault(tree.sql(), f"holds_{len(self.columns) + 1}")
        if len(self.columns) > len(self.trees):
            self.trees.append(tree)
        return name

    def select(self) -> exp.Select:
        """One row per customer with all columns."""
        named = [exp.alias_(tree, name) for tree, name in zip(self.trees, self.columns.values(), strict=True)]
        return customers(self.query.scores).select(column(KEY, CUSTOMER), *named)


def members(
    where: Condition, as_of: date, *, memberships: str = MEMBERSHIPS.name, dialect: str = "duckdb", pretty: bool = False
) -> str:
    """SQL that gives customer_id and reason of everyone for whom the condition holds as of a day.

    `memberships` is the table that `in_segment` reads: (segment, customer_id).
    """
    judgement = Judgement(Query(midnight(as_of), memberships))
    condition = judgement.holds(where)
    reason = exp.alias_(_reason(where, judgement), "reason")
    found = select(KEY, reason).from_("judged").where(condition)
    return with_subqueries(found, judgement).sql(dialect, pretty=pretty)


def with_subqueries(query: exp.Select, judgement: Judgement) -> exp.Select:
    """The query with everything that it stands on: shared subqueries, then `judged`."""
    for name, subquery in judgement.query.subqueries.items():
        query = query.with_(name, as_=subquery)
    return query.with_("judged", as_=judgement.select())


def midnight(day: date) -> datetime:
    """The as-of day's first moment: windows end here."""
    return datetime.combine(day, time())


def single(condition: Condition, query: Query) -> exp.Expr:
    """One condition that is no group; never null."""
    match condition:
        case Comparison():
            kind = CUSTOMER_FIELDS[condition.field].kind
            return compare(query.column(condition.field), condition, kind, query.as_of)
        case Happening():
            return happened(condition, query)
        case Steps():
            return sequence(condition, query)
        case InSegment():
            return selections.in_segment(condition, query)
        case Consented():
            return selections.consented(condition, query)
        case Rank():
            return selections.ranked(condition, query)
        case Sample():
            return selections.sampled(condition)
        case _:
            raise TypeError(f"no condition: {type(condition).__name__}")


def _reason(where: Condition, judgement: Judgement) -> exp.Expr:
    """The words of the conditions that hold. Those that hold for every member are a constant."""
    texts: list[tuple[tuple[exp.Expr, ...], str]] = []
    for guards, text in _told(where, (), judgement):
        if texts and texts[-1][0] == guards:
            texts[-1] = (guards, texts[-1][1] + SEPARATOR + text)
        else:
            texts.append((guards, text))
    if len(texts) == 1 and not texts[0][0]:
        return Literal.string(texts[0][1])
    pieces = [_piece(guards, SEPARATOR + text) for guards, text in texts]
    joined = pieces[0] if len(pieces) == 1 else exp.Concat(expressions=pieces, safe=True, coalesce=False)
    return exp.Substring(this=joined, start=Literal.number(len(SEPARATOR) + 1))


def _piece(guards: tuple[exp.Expr, ...], text: str) -> exp.Expr:
    told = Literal.string(text)
    return exp.Case(ifs=[exp.If(this=exp.and_(*guards), true=told)], default=Literal.string("")) if guards else told


def _told(
    condition: Condition, guards: tuple[exp.Expr, ...], judgement: Judgement
) -> Sequence[tuple[tuple[exp.Expr, ...], str]]:
    """Each text with the conditions under which it is told; none for a text that holds for every member."""
    if isinstance(condition, AllOf):
        return [told for part in parts(condition) for told in _told(part, guards, judgement)]
    if isinstance(condition, AnyOf):
        return [told for part in parts(condition) for told in _told(part, (*guards, judgement.holds(part)), judgement)]
    return [(guards, words(condition, judgement.query.as_of.date()))]
