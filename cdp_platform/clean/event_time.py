"""When an event happened, by clocks that are wrong.

The client's two times, of the event and of sending, come from one clock, so their difference is right even when the
clock is not: the event happened that much before it was received (Segment's rule:
receivedAt - (sentAt - originalTimestamp)).
"""

NOISE_SECONDS = 5
"""A correction below this is the way through the network, not a wrong clock: the client's own time is kept."""

TIMES = f"""
    coalesce(collected_at, sent_at, client_time) as received_at,
    case when collected_at is null and client_time is not null then 'client'
         when client_time is null or sent_at is null or sent_at < client_time then 'received'
         when abs(epoch(collected_at) - epoch(sent_at)) < {NOISE_SECONDS} then 'client'
         else 'corrected' end as time_quality,
    case time_quality when 'client' then client_time
                      when 'corrected' then collected_at - (sent_at - client_time)
                      else received_at end as occurred_at"""
"""Columns received_at, time_quality and occurred_at out of client_time, sent_at and collected_at. A client whose event
lies after its sending made no sense; nothing it says is used. An old event with a right clock stays old."""
