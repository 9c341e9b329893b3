"""The SQL of a few definitions in every dialect, as snapshots, and hostile texts that stay texts in all of them.

Write the snapshots anew with SEGMENTS_WRITE_SNAPSHOTS=1, and read the difference.
"""

import os
from datetime import date
from pathlib import Path

import pytest
import sqlglot
import yaml
from sqlglot import exp

from cdp_platform.segments.compile import members
from cdp_platform.segments.config import Segment

AS_OF = date(2011, 12, 10)
DIALECTS = ("duckdb", "postgres", "snowflake", "bigquery", "databricks", "redshift")
SNAPSHOTS = Path(__file__).parent / "snapshots"
DEFINITIONS = yaml.safe_load("""
lapsed_high_value:
  all:
    - {field: net_value, op: gte, value: 1000}
    - {field: last_order_at, op: before, days_ago: 180}
abandoned_basket:
  sequence: [{did: Product Added}, {did_not: order, within_hours: 48}]
  within_days: 30
reached_by_several_ways:
  any:
    - {consented: email_marketing}
    - {in_segment: vip}
    - {top_percent: 2.5, by: value.expected_value_365d}
    - {sample: [0.25, 0.5], salt: spring}
    - {sum_of: amount, did: order, lt: 20, within_days: 365}
    - none: [{field: city, op: ends_with, value: "100%"}, {field: sources, op: has, value: crm}]
""")


@pytest.mark.parametrize("name", DEFINITIONS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_snapshot(name: str, dialect: str) -> None:
    where = Segment.model_validate({"name": name, "where": DEFINITIONS[name]}).where
    sql = members(where, AS_OF, dialect=dialect, pretty=True) + "\n"
    file = SNAPSHOTS / f"{name}.{dialect}.sql"
    if os.environ.get("SEGMENTS_WRITE_SNAPSHOTS"):
        file.write_text(sql, encoding="utf-8")
    assert sql == file.read_text(encoding="utf-8")
    assert sqlglot.parse_one(sql, read=dialect).find(exp.Select)


@pytest.mark.parametrize(
    "text", ["' or 1=1 --", "\\' or 1=1 --", "\\", "x\\\\'; drop table t;--", "a\nb", "100%_!", "/*"]
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_hostile_texts_come_back_as_they_were(text: str, dialect: str) -> None:
    where = Segment.model_validate({"name": "x", "where": {"field": "city", "op": "eq", "value": text}}).where
    tree = sqlglot.parse_one(members(where, AS_OF, dialect=dialect), read=dialect)
    assert {literal.this for literal in tree.find_all(exp.Literal)} == {text, f"city is {text}"}


def test_equal_conditions_are_worked_out_once() -> None:
    ordered = {"did": "order", "within_days": 30}
    where = Segment.model_validate({"name": "x", "where": {"all": [ordered, {"any": [ordered, ordered]}]}}).where
    sql = members(where, AS_OF)
    assert sql.count("customers.timeline") == 1
    assert "holds_2" not in sql
