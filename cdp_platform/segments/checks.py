"""What must hold of memberships, their history and each segment."""

from cdp_platform.customers.contract import CUSTOMERS
from cdp_platform.segments.config import Segment
from cdp_platform.segments.contract import HISTORY, MEMBERSHIPS, SIZES
from cdp_platform.segments.views import view
from cdp_platform.shared.warehouse.check import Check, references, unique

JUMP = (0.5, 2.0)
"""A segment that shrinks below half or grows above double from one as-of day to the next has probably a wrong input."""
SMALL = 50
"""Sizes up to here jump by chance."""


def of_tables() -> list[Check]:
    """Promises of the tables as a whole."""
    return [
        unique(MEMBERSHIPS.name, *MEMBERSHIPS.key),
        references(MEMBERSHIPS.name, "customer_id", CUSTOMERS.name, "customer_id"),
        unique(HISTORY.name, *HISTORY.key),
        Check(
            HISTORY.name, "open_stays_are_memberships",
            "the stays without an end are the memberships, with the same first day", blocking=True,
            violations=f"""
                select count(*) from (select * from {HISTORY.name} where left_on is null) h
                full join {MEMBERSHIPS.name} m
                    on m.segment = h.segment and m.customer_id = h.customer_id and m.entered_on = h.entered_on
                where m.segment is null or h.segment is null""",
        ),
        Check(
            HISTORY.name, "stays_have_length", "whoever leaves has entered on an earlier day",
            violations=f"select count(*) from {HISTORY.name} where left_on <= entered_on",
        ),
        Check(
            SIZES.name, "sizes_add_up", "members are those of the last day, plus entered, less departed",
            violations=f"""
                with days as (
                    select *, lag(members, 1, 0) over (partition by segment order by as_of) as before
                    from {SIZES.name})
                select count(*) from days where members <> before + entered - departed""",
        ),
    ]  # fmt: skip


def of_segment(segment: Segment) -> list[Check]:
    """Promises of one segment: warnings, because an odd segment must not stop the others."""
    table = view(segment).name
    return [
        Check(
            table, "is_not_empty", "somebody is in it", severity="WARN",
            violations=f"select case when count(*) = 0 then 1 else 0 end, 'nobody is in it' from {table}",
        ),
        Check(
            table, "is_not_everybody", "somebody is not in it", severity="WARN",
            violations=f"""
                with sizes as (
                    select (select count(*) from {table}) as members, (select count(*) from {CUSTOMERS.name}) as all_of)
                select case when members > 0 and members = all_of then 1 else 0 end, 'all customers are in it'
                from sizes""",
        ),
        Check(
            table, "size_is_usual",
            f"its size is between {JUMP[0]:g} and {JUMP[1]:g} times that of the last day, where one is over {SMALL}",
            severity="WARN",
            violations=f"""
                with days as (
                    select members, definition, row_number() over (order by as_of desc) as place
                    from {SIZES.name} where segment = '{segment.name}'),
                pair as (
                    select max(members) filter (where place = 1) as now,
                        max(members) filter (where place = 2) as before,
                        count(distinct coalesce(definition, '')) filter (where place <= 2) > 1 as edited
                    from days)
                select case when greatest(now, before) > {SMALL}
                        and (now < before * {JUMP[0]} or now > before * {JUMP[1]}) then 1 else 0 end,
                    before || ' members on the last day, ' || now || ' now'
                    || case when edited then '; its definition was changed' else '' end
                from pair""",
        ),
    ]  # fmt: skip
