{{ config(materialized='ephemeral') }}

select
    ids.customer_id,
    count(case when orders.kind = 'order' then 1 end) as orders,
    count(case when orders.kind = 'order' and orders.channel = 'web' then 1 end) as web_orders,
    count(case when orders.kind = 'order' and orders.channel = 'store' then 1 end) as store_orders,
    count(case when orders.kind = 'return' then 1 end) as returns,
    count(distinct case when orders.kind = 'order' then cast(orders.ordered_at as date) end) as order_days,
    cast(
        coalesce(sum(case when orders.kind = 'order' then orders.amount end), 0) as {{ type_decimal() }}
    ) as ordered_value,
    cast(
        -coalesce(sum(case when orders.kind = 'return' then orders.amount end), 0) as {{ type_decimal() }}
    ) as returned_value,
    min(case when orders.kind = 'order' then orders.ordered_at end) as first_order_at,
    max(case when orders.kind = 'order' then orders.ordered_at end) as last_order_at
from {{ source('clean', 'orders') }} as orders
inner join {{ source('identity', 'customer_ids') }} as ids on orders.record_key = ids.record_key
group by ids.customer_id
