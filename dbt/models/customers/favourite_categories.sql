{{ config(materialized='ephemeral') }}

-- The category with most pieces ordered; returned pieces do not count against it. Ties end in the alphabet.

with pieces as (
    select
        ids.customer_id,
        products.category,
        sum(lines.quantity) as pieces
    from {{ source('clean', 'order_lines') }} as lines
    inner join {{ source('clean', 'orders') }} as orders on lines.order_key = orders.order_key
    inner join {{ source('identity', 'customer_ids') }} as ids on orders.record_key = ids.record_key
    inner join {{ source('clean', 'products') }} as products on lines.sku = products.sku
    where lines.quantity > 0 and products.category is not null
    group by ids.customer_id, products.category
),

ranked as (
    select
        customer_id,
        category,
        row_number() over (partition by customer_id order by pieces desc, category) as place
    from pieces
)

select customer_id, category as favourite_category
from ranked
where place = 1
