{{ config(materialized='ephemeral') }}

select
    customer_id,
    {{ text_list("case when status = 'granted' then purpose end") }} as consents_granted
from {{ ref('consents') }}
group by customer_id
