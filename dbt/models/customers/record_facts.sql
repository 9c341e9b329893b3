{{ config(materialized='ephemeral') }}

-- From identity alone come the customers: a record that clean no longer holds still has its customer.

select
    ids.customer_id,
    count(*) as records,
    {{ text_list('ids.source') }} as sources,
    min(coalesce(records.created_at, records.updated_at)) as first_record_at,
    max(coalesce(records.updated_at, records.created_at)) as last_record_at
from {{ source('identity', 'customer_ids') }} as ids
left join {{ source('clean', 'records') }} as records on ids.record_key = records.record_key
group by ids.customer_id
