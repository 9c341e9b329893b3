"""Small tables for Dagster about how the customers came out: counts and shares, never a person's value."""

from collections.abc import Callable
from typing import Any

from duckdb import DuckDBPyConnection

from cdp_platform.customers.fields import GOLDEN
from cdp_platform.shared.warehouse.build import Notes

KINDS_SHOWN = 15


def golden_values(con: DuckDBPyConnection) -> str:
    """Per field: share of customers who have a value, and the source that gave most of them."""
    rows = con.execute("""
        with counted as (
            select field, source, count(*) as customers from customers.attribute_values group by all),
        ranked as (
            select *, sum(customers) over (partition by field) as filled,
                row_number() over (partition by field order by customers desc, source) as place
            from counted)
        select field, filled / (select greatest(count(*), 1) from customers.customers), source, customers / filled
        from ranked where place = 1""").fetchall()
    by_field = {field: (f"{filled:.0%}", source, f"{share:.0%}") for field, filled, source, share in rows}
    none = ("0%", "", "")
    return _table(
        ["field", "customers who have it", "most often from", "share"],
        [(field, *by_field.get(field, none)) for field in GOLDEN],
    )


def records(con: DuckDBPyConnection) -> str:
    """How many customers have one record, two, three, four, five or more."""
    rows = con.execute("""
        select least(records, 5), count(*) from customers.customers group by 1 order by 1""").fetchall()
    return _table(["records", "customers"], [("5 or more" if n == 5 else n, f"{count:,}") for n, count in rows])


def kinds(con: DuckDBPyConnection) -> str:
    """Happenings per kind, the most frequent ones, and how many of them have a customer."""
    rows = con.execute(f"""
        select kind, count(*), count(customer_id) / count(*) from customers.timeline
        group by kind order by 2 desc, 1 limit {KINDS_SHOWN}""").fetchall()
    return _table(["kind", "happenings", "with a customer"], [(k, f"{n:,}", f"{share:.0%}") for k, n, share in rows])


def purposes(con: DuckDBPyConnection) -> str:
    """Customers per purpose who granted and who denied."""
    rows = con.execute("""
        select purpose, count(*) filter (status = 'granted'), count(*) filter (status = 'denied')
        from customers.consents group by purpose order by purpose""").fetchall()
    return _table(["purpose", "granted", "denied"], [(p, f"{yes:,}", f"{no:,}") for p, yes, no in rows])


def _table(head: list[str], rows: list[tuple[Any, ...]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


NOTES: dict[str, Callable[[DuckDBPyConnection], Notes]] = {
    "customers.customers": lambda con: {"golden values": golden_values(con), "records per customer": records(con)},
    "customers.timeline": lambda con: {"kinds": kinds(con)},
    "customers.consents": lambda con: {"purposes": purposes(con)},
}
"""What makes the notes of each table."""
