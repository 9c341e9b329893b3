"""Checks as data: a query that counts what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Check:
    """One promise about a table.

    `violations` is a query with one row: how many violations there are, and optionally a sentence about them.
    A blocking check that fails stops everything downstream, the snapshot and the syncs included.
    """

    table: str
    name: str
    about: str
    violations: str
    blocking: bool = False
    severity: Literal["ERROR", "WARN"] = "ERROR"


class Outcome(NamedTuple):
    """What a check found."""

    check: Check
    passed: bool
    violations: int
    detail: str


def run(con: DuckDBPyConnection, checks: Sequence[Check]) -> list[Outcome]:
    """Evaluate checks in order."""
    return [_run(con, check) for check in checks]


def _run(con: DuckDBPyConnection, check: Check) -> Outcome:
    [row] = con.execute(check.violations).fetchall()
    count = int(row[0] or 0)
    said = str(row[1]) if len(row) > 1 and row[1] else ""
    return Outcome(check, count == 0, count, said or f"{count} violations of: {check.about}")


def unique(table: str, *columns: str, blocking: bool = True) -> Check:
    """No two rows share the key, and no part of it is empty."""
    key = ", ".join(columns)
    empty = " or ".join(f"{c} is null" for c in columns)
    return Check(
        table, "key_is_unique", f"{key} identifies a row", blocking=blocking,
        violations=f"""
            select (select count(*) - count(distinct ({key})) from {table} where not ({empty}))
                 + (select count(*) from {table} where {empty})""",
    )  # fmt: skip


def references(table: str, column: str, parent: str, parent_column: str, *, blocking: bool = True) -> Check:
    """Every value that is not empty stands in the parent table."""
    return Check(
        table, f"{column}_is_known", f"{column} stands in {parent}.{parent_column}", blocking=blocking,
        violations=f"""
            select count(*) from {table} t anti join {parent} p on t.{column} = p.{parent_column}
            where t.{column} is not null""",
    )  # fmt: skip


def volume(table: str, low: float = 0.5, high: float = 3.0) -> Check:
    """The row count lies within a band around the median of the last ten builds."""
    return Check(
        table, "volume_is_usual", f"rows between {low:g} and {high:g} times the recent median", severity="WARN",
        violations=f"""
            with past as (
                select rows from platform.history where table_name = '{table}'
                order by built_at desc limit 10 offset 1),
            now as (select count(*) as rows from {table}),
            usual as (select median(rows) as rows, count(*) as builds from past)
            select case when u.builds >= 3 and u.rows > 20 and (n.rows < u.rows * {low} or n.rows > u.rows * {high})
                        then 1 else 0 end,
                   n.rows || ' rows, usually ' || coalesce(u.rows, n.rows)::bigint
            from now n, usual u""",
    )  # fmt: skip


def share_below(table: str, name: str, about: str, share: str, limit: float, *, blocking: bool = False) -> Check:
    """A share (an SQL expression over the table, 0 to 1) does not exceed a limit."""
    return Check(
        table, name, about, blocking=blocking, severity="ERROR" if blocking else "WARN",
        violations=f"""
            with measured as (select coalesce({share}, 0)::double as share from {table})
            select case when share > {limit} then 1 else 0 end,
                   round(100 * share, 2) || ' %, limit {100 * limit:g} %' from measured""",
    )  # fmt: skip
