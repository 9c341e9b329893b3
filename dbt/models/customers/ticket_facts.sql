{{ config(materialized='ephemeral') }}

-- The mean is taken of exact decimals: a sum of floating-point numbers depends on the order of the rows.

select
    ids.customer_id,
    count(*) as tickets,
    count(case when tickets.status not in ('closed', 'solved', 'resolved') then 1 end) as open_tickets,
    max(tickets.created_at) as last_ticket_at,
    cast(
        sum(cast(tickets.score as {{ type_decimal() }})) / nullif(count(tickets.score), 0) as {{ type_decimal() }}
    ) as average_ticket_score
from {{ source('clean', 'tickets') }} as tickets
inner join {{ source('identity', 'customer_ids') }} as ids on tickets.record_key = ids.record_key
group by ids.customer_id
