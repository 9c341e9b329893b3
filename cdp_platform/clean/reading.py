"""From raw rows to rows of an entity: read, judged, counted. Every raw row ends as used, repeated or rejected.

Each entity reads into a temporary table `<entity>_read` with, besides its own columns: source, row_key, row_hash,
source_file, loaded_at, problem (why the row is refused, else null), content (the refused row as JSON) and, once the
entity has said so, state. What is refused is kept in tables beside the contract, `clean.<entity>__rejected_rows`,
`…__rejected_values` and `…__rows`, which the last step of the room puts together.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from duckdb import DuckDBPyConnection

from cdp_platform.clean.raw_table import RawTable

Entity = Literal["records", "orders", "order_lines", "products", "events", "tickets", "consents"]
ENTITIES: tuple[Entity, ...] = ("records", "orders", "order_lines", "products", "events", "tickets", "consents")


class Refusal(NamedTuple):
    """A field whose raw value may be refused while its row is used: SQL over `<entity>_read` or what follows it."""

    field: str
    raw: str
    reason: str
    """An expression that is null when the value is fine."""


def rows_query(readings: Sequence[tuple[RawTable, Mapping[str, str]]], problem: str, derived: str = "") -> str:
    """A query of all sources' rows with the same columns.

    `derived` adds columns out of the read ones ("x as y, …"); `problem` may use both.
    """
    derived = f", {derived}" if derived else ""
    parts = [
        f"""
        select * exclude (content), case when problem is not null then to_json(content)::varchar end as content
        from (select *, {problem} as problem from (select *{derived} from ({raw.select(columns)})))"""
        for raw, columns in readings
    ]
    return " union all by name ".join(parts)


def keep_rejected(
    con: DuckDBPyConnection,
    entity: Entity,
    read: str | None,
    refusals: Iterable[Refusal] = (),
    values: str | None = None,
) -> None:
    """Write the refused rows of `read`, and the refused values of `values` (the used rows of `read` when left out)."""
    values = values or (f"(from {read} where state = 'used')" if read else None)
    rows = "select null::varchar as source, null::varchar as row_key, null as problem, null as content where false"
    con.execute(f"""
        create or replace table clean.{entity}__rejected_rows as
        select '{entity}' as entity, source, row_key as "row", problem::varchar as reason, content::varchar as content
        from ({f"from {read} where problem is not null" if read else rows})""")
    parts = [
        f"""
        select '{entity}' as entity, source, row_key as "row", '{refusal.field}' as field, {refusal.raw} as value,
               {refusal.reason} as reason
        from {values} where {refusal.raw} is not null"""
        for refusal in (refusals if values else ())
    ]
    nothing = "select '' as entity, '' as source, '' as row, '' as field, '' as value, '' as reason where false"
    con.execute(f"""
        create or replace table clean.{entity}__rejected_values as
        select entity, source, "row", field, value::varchar as value, reason::varchar as reason
        from ({" union all ".join(parts) or nothing}) where reason is not null""")


def count_rows(
    con: DuckDBPyConnection,
    entity: Entity,
    tables: Sequence[RawTable],
    read: str | None,
    amounts: Mapping[str, str] | None = None,
) -> None:
    """Write `clean.<entity>__rows`: what the raw tables hold, counted there, beside what became of it in `read`.

    `amounts` gives per source the expression of a row's amount over the raw table; `read` then has a column amount.
    """
    raw = [
        f"""
        select '{table.source}' as source, count(*) as read,
               {f"sum({amounts[table.source]})" if amounts else "null"}::decimal(18,4) as amount,
               {"max(_loaded_at)" if "_loaded_at" in table.types else "null"}::timestamp as loaded_at
        from {table.name}"""
        for table in tables
    ]
    amount = "amount" if amounts else "null::decimal(18,4)"
    seen = f"""
        select source, count(*) filter (state = 'used') as used, count(*) filter (state = 'repeated') as repeated,
               count(*) filter (state = 'rejected') as rejected,
               sum({amount}) filter (state = 'used') as amount_used,
               sum({amount}) filter (state <> 'used') as amount_left_out
        from {read} group by source"""
    con.execute(f"""
        create or replace table clean.{entity}__rows(
            source varchar, entity varchar, read bigint, used bigint, repeated bigint, rejected bigint,
            amount decimal(18,4), amount_used decimal(18,4), amount_left_out decimal(18,4), loaded_at timestamp)""")
    if not raw or not read:
        return
    summed = "coalesce(r.amount, 0), coalesce(s.amount_used, 0), coalesce(s.amount_left_out, 0)"
    sums = summed if amounts else "null, null, null"
    con.execute(f"""
        insert into clean.{entity}__rows
        with raw as ({" union all ".join(raw)}), seen as ({seen})
        select r.source, '{entity}', r.read, coalesce(s.used, 0), coalesce(s.repeated, 0), coalesce(s.rejected, 0),
               {sums}, r.loaded_at
        from raw r left join seen s using (source)""")


def absent_columns(tables: Iterable[RawTable]) -> dict[str, str]:
    """A note of the columns that the meanings name and the sources lack today (`crm.fax, shop.gender`), if any."""
    absent = sorted({f"{table.source}.{column}" for table in tables for column in table.absent})
    return {"columns that sources lack": ", ".join(absent)} if absent else {}
