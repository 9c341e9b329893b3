{{ config(materialized='ephemeral') }}

-- Happenings at the same instant are told apart by their key, so that a rerun names the same one.

with ranked as (
    select
        customer_id,
        kind,
        source,
        happened_at,
        row_number() over (partition by customer_id order by happened_at, happening_key) as place_from_first,
        row_number() over (partition by customer_id order by happened_at desc, happening_key desc) as place_from_last
    from {{ ref('timeline') }}
    where customer_id is not null and happened_at is not null
)

select
    customer_id,
    max(case when place_from_first = 1 then kind end) as first_touch,
    max(case when place_from_first = 1 then source end) as first_touch_source,
    max(case when place_from_last = 1 then kind end) as last_touch,
    max(case when place_from_last = 1 then source end) as last_touch_source,
    min(happened_at) as first_happening_at,
    max(happened_at) as last_happening_at
from ranked
where place_from_first = 1 or place_from_last = 1
group by customer_id
