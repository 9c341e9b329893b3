"""Orders: put together from their lines, or taken whole where a source gives totals."""

from collections.abc import Mapping, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from cdp_platform.clean import contract, macros, reading, schema
from cdp_platform.clean.raw_table import RawTable, raw_table
from cdp_platform.clean.reading import Refusal
from cdp_platform.clean.record_keys import record_key
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes
from cdp_platform.sources.config import Source

LINE_PROBLEM = """
    case when order_id is null then 'no order id'
         when quantity is null then 'quantity is missing or not a number'
         when unit_price is null then 'price is missing or not a number'
         when ordered_at is null then 'time is missing or not understood'
         when amount is null or plausible_amount(quantity) is null then 'quantity or amount is too large' end"""
ORDER_PROBLEM = """
    case when order_id is null then 'no order id'
         when amount is null then 'amount is missing, not a number or too large'
         when ordered_at is null then 'time is missing or not understood' end"""

REFUSALS = (
    Refusal(
        "currency", "currency_raw",
        "case when said(currency_raw) is not null and currency_code(currency_raw) is null "
        "then 'not a currency code: the company''s currency is taken' end",
    ),
    Refusal(
        "country", "country_raw",
        "case when country is null and not is_no_country(country_raw) then 'not a known country' end",
    ),
)  # fmt: skip


def make(step: Step) -> Mapping[str, Notes]:
    """Make clean.orders and clean.order_lines."""
    con, sources = step.con, step.company.sources
    macros.install(con)
    lined = sources.with_meaning("order_line")
    whole = sources.with_meaning("order")
    line_tables = _read_lines(con, lined)
    order_tables = _read_orders(con, whole)
    _make_lines(con, bool(lined))
    parts = [*([_ORDERS_FROM_LINES] if lined else []), *([_ORDERS_AS_GIVEN] if whole else [])]
    con.execute(f"""
        create or replace temp table orders_found as
        select * replace (coalesce(currency_code(currency_raw), '{step.company.settings.currency}') as currency),
               country_of(country_raw) as country
        from ({" union all by name ".join(parts) or schema.empty(_FOUND)})""")
    schema.create(con, contract.ORDERS, "from orders_found")
    reading.keep_rejected(con, "order_lines", "order_lines_read" if lined else None)
    reading.keep_rejected(con, "orders", "orders_read" if whole else None, REFUSALS, "orders_found")
    return _notes(con, [*line_tables, *order_tables], bool(lined))


def _read_lines(con: DuckDBPyConnection, sources: Sequence[Source]) -> list[RawTable]:
    readings: list[tuple[RawTable, dict[str, str]]] = []
    amounts: dict[str, str] = {}
    for source in sources:
        meaning = source.means.order_line
        if meaning is None:
            continue
        raw = raw_table(con, source)
        amounts[source.name] = f"line_amount({raw.number(meaning.quantity)}, {raw.number(meaning.unit_price)})"
        readings.append((raw, {
            "order_id": raw.identifier(meaning.order_id),
            "sku": raw.identifier(meaning.sku),
            "quantity": raw.number(meaning.quantity),
            "unit_price": raw.number(meaning.unit_price),
            "ordered_at": raw.moment(meaning.ordered_at),
            "currency_raw": raw.as_read(meaning.currency),
            "country_raw": raw.as_read(meaning.country),
            "channel": f"coalesce(lower({raw.text(meaning.channel)}), 'web')",
            "store": raw.text(meaning.store),
            "record_key": record_key(raw, source.means, meaning.customer),
        }))  # fmt: skip
    tables = [raw for raw, _ in readings]
    if readings:
        lines = reading.rows_query(readings, LINE_PROBLEM, "line_amount(quantity, unit_price) as amount")
        con.execute(f"""
            create or replace temp table order_lines_read as
            select * exclude (row_hash, source_file, loaded_at)
                   replace (if(problem is null, null, row_key) as row_key),
                   source || ':' || order_id as order_key,
                   if(problem is null, 'used', 'rejected') as state,
                   row_number() over (
                       partition by source, order_id, problem is null
                       order by sku, quantity, unit_price, ordered_at, row_hash) as place
            from ({lines})""")
    reading.count_rows(con, "order_lines", tables, "order_lines_read" if readings else None, amounts)
    return tables


def _read_orders(con: DuckDBPyConnection, sources: Sequence[Source]) -> list[RawTable]:
    readings: list[tuple[RawTable, dict[str, str]]] = []
    amounts: dict[str, str] = {}
    for source in sources:
        meaning = source.means.order
        if meaning is None:
            continue
        raw = raw_table(con, source)
        amounts[source.name] = f"plausible_amount({raw.number(meaning.amount)})"
        readings.append((raw, {
            "order_id": raw.identifier(meaning.order_id),
            "ordered_at": raw.moment(meaning.ordered_at),
            "amount": amounts[source.name],
            "quantity": f"plausible_amount({raw.number(meaning.quantity)})",
            "currency_raw": raw.as_read(meaning.currency),
            "country_raw": raw.as_read(meaning.country),
            "channel": f"coalesce(lower({raw.text(meaning.channel)}), 'web')",
            "record_key": record_key(raw, source.means, meaning.customer),
        }))  # fmt: skip
    tables = [raw for raw, _ in readings]
    if readings:
        con.execute(f"""
            create or replace temp table orders_read as
            select *, source || ':' || order_id as order_key,
                   case when problem is not null then 'rejected'
                        when row_number() over (
                            partition by source, order_id, problem is null
                            order by source_file desc nulls last, ordered_at desc, amount desc, row_hash) = 1
                            then 'used'
                        else 'repeated' end as state
            from ({reading.rows_query(readings, ORDER_PROBLEM)})""")
    reading.count_rows(con, "orders", tables, "orders_read" if readings else None, amounts)
    return tables


def _make_lines(con: DuckDBPyConnection, any_source: bool) -> None:
    query = "select *, order_key || ':' || place as line_key from order_lines_read where problem is null"
    schema.create(con, contract.ORDER_LINES, query if any_source else None)


_ORDERS_FROM_LINES = """
    select source, order_key, order_key as row_key, min(order_id) as order_id,
           arg_min(record_key, place) as record_key,
           if(max(quantity) < 0 or sum(amount) < 0, 'return', 'order') as kind,
           arg_min(channel, place) as channel, arg_min(store, place) as store, min(ordered_at) as ordered_at,
           count(*) as lines, sum(quantity) as quantity, sum(amount) as amount, null::varchar as currency,
           arg_min(currency_raw, place) as currency_raw, arg_min(country_raw, place) as country_raw
    from order_lines_read where problem is null group by source, order_key"""
"""arg_min passes over nulls: an order is of the record that its first line with a record names."""

_ORDERS_AS_GIVEN = """
    select source, order_key, row_key, order_id, record_key, if(amount < 0, 'return', 'order') as kind, channel,
           null::varchar as store, ordered_at, 0 as lines, quantity, amount, null::varchar as currency, currency_raw,
           country_raw
    from orders_read where state = 'used'"""

_FOUND = {
    "source": "varchar", "order_key": "varchar", "row_key": "varchar", "order_id": "varchar", "record_key": "varchar",
    "kind": "varchar", "channel": "varchar", "store": "varchar", "ordered_at": "timestamp", "lines": "bigint",
    "quantity": schema.MONEY, "amount": schema.MONEY, "currency": "varchar", "currency_raw": "varchar",
    "country_raw": "varchar",
}  # fmt: skip


def _notes(con: DuckDBPyConnection, tables: Sequence[RawTable], any_lines: bool) -> Mapping[str, Notes]:
    orders: dict[str, Any] = {}
    if any_lines:
        [[records, currencies]] = con.execute("""
            select count(*) filter (records > 1), count(*) filter (currencies > 1)
            from (select count(distinct record_key) as records, count(distinct currency_raw) as currencies
                  from order_lines_read where problem is null group by order_key)""").fetchall()
        orders["orders whose lines name several records"] = records
        orders["orders whose lines name several currencies"] = currencies
    [[refused]] = con.execute("select count(*) from clean.order_lines__rejected_rows").fetchall()
    return {"clean.orders": orders | reading.absent_columns(tables), "clean.order_lines": {"rows refused": refused}}
