{{ config(materialized='ephemeral') }}

select
    ids.customer_id,
    records.*,
    coalesce(records.updated_at, records.created_at) as observed_at
from {{ source('identity', 'customer_ids') }} as ids
inner join {{ source('clean', 'records') }} as records on ids.record_key = records.record_key
