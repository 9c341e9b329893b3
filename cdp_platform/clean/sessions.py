"""Sessions: what one device does without a long pause."""

GAP_MINUTES = 30

EVENT_SESSIONS = f"""
    with pauses as (
        select event_id, source, device, occurred_at,
               coalesce(occurred_at - lag(occurred_at) over (partition by source, device order by occurred_at, event_id)
                        > interval {GAP_MINUTES} minute, true) as starts
        from events_used)
    select event_id, source || ':' || device || ':' || count_if(starts) over (
               partition by source, device order by occurred_at, event_id
               rows between unbounded preceding and current row) as session_id
    from pauses"""
"""Each event's session; the tie-break by event_id makes the cut the same on every run."""

SESSIONS = """
    select session_id, source, min(anonymous_id) as anonymous_id,
           arg_max(record_key, (occurred_at, event_id)) as record_key,
           min(occurred_at) as started_at, max(occurred_at) as ended_at, count(*) as events,
           count(*) filter (type in ('page', 'screen')) as page_views,
           count(distinct sku) filter (event = 'Product Viewed') as products_viewed,
           count(*) filter (event = 'Product Added') as added_to_basket,
           bool_or(event = 'Order Completed') as ordered,
           arg_min(path, (occurred_at, event_id)) filter (type in ('page', 'screen')) as landing_path
    from clean.events group by session_id, source"""
"""One row a session. It is of the last person identified in it: who logs in at the end of a visit made the visit."""
