"""Why is this customer in, or not in, this segment?"""

from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection
from sqlglot import exp, select
from sqlglot.expressions import Literal, column

from cdp_platform.company import Company
from cdp_platform.segments.compile import Judgement, midnight, with_subqueries
from cdp_platform.segments.conditions.base import Condition
from cdp_platform.segments.conditions.groups import AllOf, AnyOf, NoneOf
from cdp_platform.segments.conditions.walk import group_key, parts
from cdp_platform.segments.explain import words
from cdp_platform.segments.to_sql.query import KEY, Query


@dataclass(frozen=True)
class Verdict:
    """Whether one condition holds for a customer; a group carries the verdicts of its parts."""

    holds: bool
    about: str
    """The condition in words; of a group: all, any or none."""
    parts: tuple["Verdict", ...] = ()

    def lines(self, depth: int = 0) -> list[str]:
        """The verdict as indented lines, each with yes or no."""
        own = f"{'  ' * depth}{'yes' if self.holds else 'no '} {self.about}"
        return [own, *(line for part in self.parts for line in part.lines(depth + 1))]


def explain_customer(
    con: DuckDBPyConnection, company: Company, segment: str, customer_id: str, as_of: date
) -> Verdict | None:
    """Judge every condition of a segment for one customer; None when there is no such customer.

    `in_segment` reads the memberships that stand in the warehouse. Raises KeyError for an unknown segment.
    """
    where = company.segments.segment(segment).where
    judgement = Judgement(Query(midnight(as_of)))
    judgement.holds(where)
    one = exp.EQ(this=column(KEY), expression=Literal.string(customer_id))
    columns = list(judgement.columns.values())
    query = with_subqueries(select(*columns).from_("judged").where(one), judgement)
    rows = con.execute(query.sql("duckdb")).fetchall()
    if not rows:
        return None
    return _verdict(where, judgement, dict(zip(columns, rows[0], strict=True)), as_of)


def _verdict(condition: Condition, judgement: Judgement, facts: dict[str, bool], as_of: date) -> Verdict:
    inner = tuple(_verdict(part, judgement, facts, as_of) for part in parts(condition))
    match condition:
        case AllOf():
            holds = all(v.holds for v in inner)
        case AnyOf():
            holds = any(v.holds for v in inner)
        case NoneOf():
            holds = not any(v.holds for v in inner)
        case _:
            return Verdict(facts[judgement.column(condition)], words(condition, as_of))
    return Verdict(holds, f"{group_key(condition)} of:", inner)
