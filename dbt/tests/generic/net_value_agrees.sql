{# What all customers are worth, and the orders of nobody, is the value of all orders. #}
{% test net_value_agrees(model, orders, customer_ids) %}
with totals as (
    select
        (select coalesce(sum(net_value), 0) from {{ model }}) as of_customers,
        (
            select coalesce(sum(orders.amount), 0)
            from {{ orders }} as orders
            left join {{ customer_ids }} as ids on orders.record_key = ids.record_key
            where ids.customer_id is null
        ) as of_nobody,
        (select coalesce(sum(amount), 0) from {{ orders }}) as of_all
)

select *
from totals
where of_customers + of_nobody <> of_all
{% endtest %}
