"""Why somebody is in a segment, and why somebody is not."""

from collections.abc import Callable
from datetime import date

import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company
from cdp_platform.segments.evaluate import evaluate, members_sql
from cdp_platform.segments.explain import words
from cdp_platform.segments.why import explain_customer
from cdp_platform.shared.home import Home
from tests.segments.conftest import MONDAY, step

TODAY = date(2026, 6, 30)


@pytest.fixture
def people(shop: DuckDBPyConnection) -> DuckDBPyConnection:
    """Ann spent much long ago, Bob little lately; both filled a basket, Bob an hour before the as-of day."""
    shop.execute("""
        insert into customers.customers(customer_id, net_value, orders, last_order_at, country) values
            ('ann', 1500, 3, '2025-01-10', 'GB'), ('bob', 20, 1, '2026-06-20', 'FR');
        insert into customers.timeline(customer_id, happened_at, kind, amount) values
            ('ann', '2025-01-10', 'order', 1500), ('bob', '2026-06-20', 'order', 20),
            ('ann', '2026-06-10', 'Product Added', null), ('bob', '2026-06-29 23:00', 'Product Added', null),
            (null, '2026-06-10', 'Product Added', null);
        insert into customers.consents values ('ann', 'email_marketing', 'granted'),
            ('bob', 'email_marketing', 'denied');""")
    return shop


def test_the_reason_names_what_holds(people: DuckDBPyConnection, here: Home, company: Callable[..., Company]) -> None:
    one = company(
        lapsed={"all": [
            {"field": "net_value", "op": "gte", "value": 1000},
            {"field": "last_order_at", "op": "before", "days_ago": 180},
            {"any": [{"consented": "email_marketing"}, {"field": "country", "op": "eq", "value": "FR"},
                     {"all": [{"did": "order"}, {"did_not": "order", "within_days": 60}]}]},
        ]},
    )  # fmt: skip
    evaluate(step(people, here, one, TODAY))
    assert people.execute("select customer_id, reason from segments.memberships").fetchall() == [
        ("ann", "net value at least 1000; last order before 2026-01-01; consent to email_marketing; order; "
                "no order since 2026-05-01"),
    ]  # fmt: skip


def test_the_reason_leaves_out_what_holds_inside_a_branch_that_does_not(
    people: DuckDBPyConnection, here: Home, company: Callable[..., Company]
) -> None:
    french = {"all": [{"field": "country", "op": "eq", "value": "FR"}, {"any": [{"did": "order"}]}]}
    evaluate(step(people, here, company(some={"any": [french, {"consented": "email_marketing"}]}), TODAY))
    assert people.execute("select customer_id, reason from segments.memberships order by 1").fetchall() == [
        ("ann", "consent to email_marketing"),
        ("bob", "country is FR; order"),
    ]


def test_a_basket_is_left_only_when_its_time_is_over(
    people: DuckDBPyConnection, here: Home, company: Callable[..., Company]
) -> None:
    steps = [{"did": "Product Added"}, {"did_not": "order", "within_hours": 48}]
    evaluate(step(people, here, company(left={"sequence": steps, "within_days": 30}), TODAY))
    assert people.execute(members_sql("left")).fetchall() == [
        ("ann", TODAY, "Product Added, then no order within 48 hours, since 2026-05-31")
    ]


def test_a_segment_reads_the_members_of_the_same_run(
    people: DuckDBPyConnection, here: Home, company: Callable[..., Company]
) -> None:
    others = {"none": [{"in_segment": "buyers"}]}
    evaluate(step(people, here, company(others=others, buyers={"field": "orders", "op": "gt", "value": 1}), MONDAY))
    assert people.execute("select segment, customer_id from segments.memberships order by all").fetchall() == [
        ("buyers", "ann"),
        ("others", "bob"),
    ]


def test_why_somebody_is_not_in(people: DuckDBPyConnection, company: Callable[..., Company]) -> None:
    one = company(fans={"all": [
        {"field": "orders", "op": "gte", "value": 1},
        {"any": [{"consented": "email_marketing"}, {"did": "order", "times": {"gte": 2}}]},
        {"none": [{"field": "country", "op": "in", "value": ["FR", "DE"]}]},
    ]})  # fmt: skip
    verdict = explain_customer(people, one, "fans", "bob", TODAY)
    assert verdict is not None
    assert verdict.lines() == [
        "no  all of:",
        "  yes orders at least 1",
        "  no  any of:",
        "    no  consent to email_marketing",
        "    no  order at least 2 times",
        "  no  none of:",
        "    yes country is FR or DE",
    ]
    assert explain_customer(people, one, "fans", "nobody", TODAY) is None
    with pytest.raises(KeyError, match="no segment is called 'vip'; there are fans"):
        explain_customer(people, one, "vip", "bob", TODAY)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"field": "first_order_at", "op": "within", "days_ago": 30}, "first order since 2026-05-31"),
        ({"field": "last_order_at", "op": "between", "days_ago": [120, 30]},
         "last order from 2026-03-02 to before 2026-05-31"),
        ({"field": "rfm.label", "op": "not_in", "value": ["lost", "new"]}, "rfm label is not lost nor new"),
        ({"field": "email", "op": "present"}, "email is known"),
        ({"field": "orders", "op": "between", "value": [2, 4]}, "orders between 2 and 4"),
        ({"field": "sources", "op": "has", "value": "crm"}, "sources include crm"),
        ({"sum_of": "amount", "did": "order", "gte": 500, "within_days": 365},
         "sum amount of order at least 500 since 2025-06-30"),
        ({"did": "order", "times": {"gte": 2, "lte": 4}, "where": [{"field": "channel", "op": "eq", "value": "web"}]},
         "order at least 2 and at most 4 times with channel is web"),
        ({"last_did": "Product Viewed", "within_days": 7}, "last Product Viewed since 2026-06-23"),
        ({"top_percent": 5, "by": "net_value"}, "among the highest 5 % by net value"),
        ({"sample": [0.5, 1], "salt": "spring"}, "in the random slice 50 to 100 % of spring"),
        ({"none": [{"in_segment": "vip"}, {"all": [{"did": "order"}, {"did_not": "return"}]}]},
         "none of: in segment vip, (order and no return)"),
    ],
)  # fmt: skip
def test_words(condition: dict[str, object], said: str, company: Callable[..., Company]) -> None:
    assert words(company(x=condition).segments.segment("x").where, TODAY) == said
