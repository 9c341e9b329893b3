"""One query in the making: what its conditions share."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlglot import exp, select
from sqlglot.expressions import column

from cdp_platform.customers.contract import CUSTOMERS
from cdp_platform.segments.contract import MEMBERSHIPS
from cdp_platform.segments.fields import CUSTOMER_FIELDS

KEY = "customer_id"
CUSTOMER = "c"
"""Alias of the customer in every query."""


@dataclass
class Query:
    """Collects the subqueries and score tables that conditions need; equal subqueries are made once."""

    as_of: datetime
    memberships: str = MEMBERSHIPS.name
    """Table of (segment, customer_id) that `in_segment` reads."""
    subqueries: dict[str, exp.Select] = field(default_factory=dict[str, exp.Select])
    scores: set[str] = field(default_factory=set[str])

    def share(self, what: str, query: exp.Select) -> str:
        """The name of a subquery; that of an equal one when there is one already."""
        text = query.sql()
        for name, known in self.subqueries.items():
            if known.sql() == text:
                return name
        name = f"{what}_{len(self.subqueries) + 1}"
        self.subqueries[name] = query
        return name

    def column(self, name: str) -> exp.Column:
        """The column of a customer's field; its score is joined when the field is one of a score."""
        place = CUSTOMER_FIELDS[name]
        if place.table == CUSTOMERS.name:
            return column(place.name, CUSTOMER)
        self.scores.add(place.table)
        return column(place.name, score_alias(place.table))

    def is_in(self, name: str) -> exp.In:
        """The customer stands in a subquery, none of whose customer ids is null: so never null itself."""
        return exp.In(this=column(KEY, CUSTOMER), query=exp.Subquery(this=select(KEY).from_(name)))


def customers(scores: set[str]) -> exp.Select:
    """All customers with the scores that are needed; a customer without a score has nulls there."""
    query = select().from_(exp.to_table(CUSTOMERS.name).as_(CUSTOMER))
    for table in sorted(scores):
        alias = score_alias(table)
        same = exp.EQ(this=column(KEY, alias), expression=column(KEY, CUSTOMER))
        query = query.join(exp.to_table(table).as_(alias), on=same, join_type="left")
    return query


def score_alias(table: str) -> str:
    """`scores.value` is value_score: `value` alone is a word of some dialects."""
    return table.split(".")[1] + "_score"
