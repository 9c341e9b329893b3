{{ config(materialized='ephemeral') }}

select
    ids.customer_id,
    count(distinct events.session_id) as sessions,
    count(case when events.type in ('page', 'screen') then 1 end) as page_views,
    count(distinct case when events.event = 'Product Viewed' then events.sku end) as products_viewed,
    max(events.occurred_at) as last_event_at,
    max(case when events.event = 'Product Added' then events.occurred_at end) as last_basket_at
from {{ source('clean', 'events') }} as events
inner join {{ source('identity', 'customer_ids') }} as ids on events.record_key = ids.record_key
group by ids.customer_id
