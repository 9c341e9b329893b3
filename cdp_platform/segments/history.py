"""Entering and leaving: who came, who stayed, who went, and why.

A day is applied to the record as it stood before that day, so that applying it again gives the same. The rules:

- Who is a member and has an open stay, stays: `entered_on` and the definition it began under are kept.
- Who is a member without an open stay enters today.
- An open stay whose customer is no member any more ends today. Because of `merged` when the id leads to another
  customer now; else of `definition` when the segment's definition is not that of its last day, or the segment is
  gone; else because the conditions hold no more: `left`.
- A merged stay goes on under the surviving id, with its `entered_on` and without a new entry, when the survivor is
  a member today and has no open stay of its own. Of several merged stays the one that began first goes on. One that
  began on a day on which the survivor itself once entered does not (the key would stand twice): then it enters today.
- members today = members on the last day + entered - departed; a merge of two members departs one.
"""

from collections.abc import Mapping
from datetime import date

from duckdb import DuckDBPyConnection

from cdp_platform.identity.contract import CROSSWALK
from cdp_platform.segments.contract import HISTORY, MEMBERSHIPS, MOVES, SIZES

EMPTY = f"""
create table if not exists {HISTORY.name}(
    segment varchar, customer_id varchar, entered_on date, left_on date, definition varchar, left_because varchar);
create table if not exists {SIZES.name}(
    segment varchar, as_of date, members bigint, entered bigint, departed bigint, definition varchar);
create table if not exists {MOVES.name}(
    segment varchar, from_id varchar, to_id varchar, entered_on date, moved_on date);
"""

BEFORE = f"""
create or replace temp table moves_before as select * from {MOVES.name} where moved_on < $day;
create or replace temp table sizes_before as select * from {SIZES.name} where as_of < $day;
create or replace temp table history_before as
    select segment, customer_id, entered_on, definition,
        case when left_on < $day then left_on end as left_on,
        case when left_on < $day then left_because end as left_because
    from {HISTORY.name} h
    where entered_on < $day
      and not exists (
        select 1 from {MOVES.name} m
        where m.moved_on >= $day and m.segment = h.segment and m.to_id = h.customer_id
          and m.entered_on = h.entered_on);
"""
"""The record as it stood before the day."""

CHANGES = f"""
create or replace temp table last_definitions as
    select segment, definition from sizes_before
    qualify row_number() over (partition by segment order by as_of desc) = 1;
create or replace temp table open_stays as select * from history_before where left_on is null;
create or replace temp table ended as
    select o.segment, o.customer_id, o.entered_on, o.definition, x.customer_id as survivor,
        case when x.customer_id <> o.customer_id then 'merged'
             when d.definition is distinct from l.definition then 'definition'
             else 'left' end as left_because
    from open_stays o
    anti join {{current}} c on c.segment = o.segment and c.customer_id = o.customer_id
    left join {CROSSWALK.name} x on x.issued_id = o.customer_id
    left join definitions_now d on d.segment = o.segment
    left join last_definitions l on l.segment = o.segment;
create or replace temp table arrived as
    select c.segment, c.customer_id, d.definition
    from {{current}} c
    join definitions_now d on d.segment = c.segment
    anti join open_stays o on o.segment = c.segment and o.customer_id = c.customer_id;
create or replace temp table moved as
    select e.segment, e.customer_id as from_id, e.survivor as to_id, e.entered_on, e.definition
    from ended e
    join arrived a on a.segment = e.segment and a.customer_id = e.survivor
    anti join history_before h
        on h.segment = e.segment and h.customer_id = e.survivor and h.entered_on = e.entered_on
    where e.left_because = 'merged'
    qualify row_number() over (partition by e.segment, e.survivor order by e.entered_on, e.customer_id) = 1;
create or replace temp table entered as
    select a.segment, a.customer_id, a.definition
    from arrived a anti join moved m on m.segment = a.segment and m.to_id = a.customer_id;
"""

AFTER = f"""
create or replace table {HISTORY.name} as
    select h.segment, h.customer_id, h.entered_on, coalesce(h.left_on, case when e.segment is not null then $day end)
        as left_on, h.definition, coalesce(h.left_because, e.left_because) as left_because
    from history_before h
    left join ended e
        on h.left_on is null and e.segment = h.segment and e.customer_id = h.customer_id
    union all
    select segment, to_id, entered_on, null, definition, null from moved
    union all
    select segment, customer_id, $day, null, definition, null from entered
    order by segment, customer_id, entered_on;
create or replace table {MOVES.name} as
    select * from moves_before
    union all
    select segment, from_id, to_id, entered_on, $day from moved
    order by segment, to_id, entered_on;
create or replace table {MEMBERSHIPS.name} as
    select c.segment, c.customer_id, h.entered_on, c.reason
    from {{current}} c
    left join {HISTORY.name} h
        on h.segment = c.segment and h.customer_id = c.customer_id and h.left_on is null
    order by c.segment, c.customer_id;
create or replace table {SIZES.name} as
    with named as (select segment from definitions_now union select segment from ended),
    members as (select segment, count(*) as n from {{current}} group by segment),
    came as (select segment, count(*) as n from entered group by segment),
    went as (select segment, count(*) as n from ended group by segment),
    shifted as (select segment, count(*) as n from moved group by segment)
    select * from sizes_before
    union all
    select n.segment, $day, coalesce(m.n, 0), coalesce(c.n, 0), coalesce(w.n, 0) - coalesce(s.n, 0), d.definition
    from named n
    left join members m using (segment)
    left join came c using (segment)
    left join went w using (segment)
    left join shifted s using (segment)
    left join definitions_now d using (segment)
    order by segment, as_of;
"""


def record(con: DuckDBPyConnection, day: date, definitions: Mapping[str, str], current: str) -> None:
    """Bring history, moves, memberships and sizes to a day.

    `definitions` maps each segment to its version; `current` names the table (segment, customer_id, reason) of
    today's members. A segment that is no longer defined gets one last size of 0 without a definition.
    """
    con.execute(EMPTY)
    con.execute("create or replace temp table definitions_now(segment varchar, definition varchar)")
    for name, version in definitions.items():
        con.execute("insert into definitions_now values (?, ?)", [name, version])
    for statements in (BEFORE, CHANGES, AFTER):
        _run(con, statements.format(current=current), day)


def _run(con: DuckDBPyConnection, statements: str, day: date) -> None:
    """Run statements one by one with the day as a date literal: DuckDB takes no parameters in several at once."""
    con.execute(statements.replace("$day", f"date '{day.isoformat()}'"))
