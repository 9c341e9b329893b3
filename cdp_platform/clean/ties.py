"""Whose events are these: a device belongs to the last person who identified on it."""

from duckdb import DuckDBPyConnection

LOOK_AHEAD_DAYS = 30
"""What an unknown visitor did before the first login counts for the one who logged in, if it is not longer ago."""


def tie(con: DuckDBPyConnection) -> None:
    """Make event_ties(event_id, record_key, tied_by) out of events_used.

    An event with a user id is that user's. One without is of the last person identified on the device at or before it,
    else of the first one after it within 30 days. A device that two people use changes hands at the second one's first
    event; people never merge through it.
    """
    con.execute("""
        create or replace temp table logins as
        select source, anonymous_id, occurred_at, record_key
        from (select source, anonymous_id, occurred_at, event_id,
                     case when user_id is not null then user_source || ':' || user_id
                          when type = 'identify' and said(traits ->> '$.email') is not null
                          then source || ':' || anonymous_id end as record_key
              from events_used where anonymous_id is not null)
        where record_key is not null
        qualify row_number() over (partition by source, anonymous_id, occurred_at order by event_id desc) = 1""")
    con.execute(f"""
        create or replace temp table event_ties as
        with unknown as (
            select event_id, source, anonymous_id, occurred_at from events_used where user_id is null),
        neighbours as (
            select u.event_id, b.record_key as before, a.record_key as after,
                   a.occurred_at <= u.occurred_at + interval {LOOK_AHEAD_DAYS} day as soon
            from unknown u
            asof left join logins b
                on u.source = b.source and u.anonymous_id = b.anonymous_id and u.occurred_at >= b.occurred_at
            asof left join logins a
                on u.source = a.source and u.anonymous_id = a.anonymous_id and u.occurred_at < a.occurred_at)
        select event_id, user_source || ':' || user_id as record_key, 'user_id' as tied_by
        from events_used where user_id is not null
        union all
        select event_id, coalesce(before, after), 'identify' from neighbours where before is not null or soon""")
