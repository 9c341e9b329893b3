"""Survivorship rules as a table, so that the models read them like any other data."""

from typing import NamedTuple

from cdp_platform.customers.config import FIELDS, CustomersConfig
from cdp_platform.shared.step import Step


class RuleRow(NamedTuple):
    """One row of customers.survivorship_rules."""

    field: str
    step: int
    rule: str
    source: str | None
    priority: int | None


def rule_rows(config: CustomersConfig) -> list[RuleRow]:
    """The rules of every field in the order in which they decide; a source_priority has a row per source."""
    rows: list[RuleRow] = []
    for field in FIELDS:
        chosen = config.rule_of(field)
        chain = dict.fromkeys([chosen.rule, chosen.then, "most_recent"])  # each rule once, in this order
        for step, rule in enumerate(chain, start=1):
            if rule == "source_priority":
                rows += [RuleRow(field, step, rule, source, place) for place, source in enumerate(chosen.sources, 1)]
            else:
                rows.append(RuleRow(field, step, rule, None, None))
    return rows


def write_rules(step: Step) -> None:
    """Create customers.survivorship_rules from the company's configuration."""
    step.con.execute(
        "create or replace table customers.survivorship_rules("
        "field varchar, step integer, rule varchar, source varchar, priority integer)"
    )
    step.con.executemany(
        "insert into customers.survivorship_rules values (?, ?, ?, ?, ?)", rule_rows(step.company.customers)
    )
