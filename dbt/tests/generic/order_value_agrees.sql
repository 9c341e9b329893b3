{# Order value in equals order value out, per source, to the penny: nothing is lost or counted twice on the way. #}
{% test order_value_agrees(model, orders) %}
with there as (
    select source, count(*) as orders, sum(amount) as amount, sum(lines) as lines
    from {{ orders }}
    group by source
),

here as (
    select source, count(*) as orders, sum(amount) as amount, sum(lines) as lines
    from {{ model }}
    where happening_key like 'order:%'
    group by source
)

select coalesce(there.source, here.source) as source, there.amount as expected, here.amount as found
from there
full join here on there.source = here.source
where
    there.orders is distinct from here.orders
    or there.amount is distinct from here.amount
    or there.lines is distinct from here.lines
{% endtest %}
