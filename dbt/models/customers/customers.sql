select
    records.customer_id,
    {% for field in single_fields() + address_fields() %}
    golden.{{ field }},
    {% endfor %}
    records.records,
    records.sources,
    {{ earlier('records.first_record_at', 'touches.first_happening_at') }} as first_seen_at,
    {{ later('records.last_record_at', 'touches.last_happening_at') }} as last_seen_at,
    coalesce(orders.orders, 0) as orders,
    coalesce(orders.web_orders, 0) as web_orders,
    coalesce(orders.store_orders, 0) as store_orders,
    coalesce(orders.returns, 0) as returns,
    coalesce(orders.order_days, 0) as order_days,
    coalesce(orders.ordered_value, 0) as ordered_value,
    coalesce(orders.returned_value, 0) as returned_value,
    cast(coalesce(orders.ordered_value - orders.returned_value, 0) as {{ type_decimal() }}) as net_value,
    cast(orders.ordered_value / nullif(orders.orders, 0) as {{ type_decimal() }}) as average_order_value,
    orders.first_order_at,
    orders.last_order_at,
    categories.favourite_category,
    coalesce(web.sessions, 0) as sessions,
    coalesce(web.page_views, 0) as page_views,
    coalesce(web.products_viewed, 0) as products_viewed,
    web.last_event_at,
    web.last_basket_at,
    coalesce(tickets.tickets, 0) as tickets,
    coalesce(tickets.open_tickets, 0) as open_tickets,
    tickets.last_ticket_at,
    tickets.average_ticket_score,
    coalesce(consents.consents_granted, {{ empty_text_list() }}) as consents_granted,
    touches.first_touch,
    touches.first_touch_source,
    touches.last_touch,
    touches.last_touch_source
    {%- for field in single_fields() + address_fields() %},
    golden.{{ field }}_source,
    golden.{{ field }}_at
    {%- endfor %}
from {{ ref('record_facts') }} as records
left join {{ ref('golden_values') }} as golden on records.customer_id = golden.customer_id
left join {{ ref('order_facts') }} as orders on records.customer_id = orders.customer_id
left join {{ ref('favourite_categories') }} as categories on records.customer_id = categories.customer_id
left join {{ ref('web_facts') }} as web on records.customer_id = web.customer_id
left join {{ ref('ticket_facts') }} as tickets on records.customer_id = tickets.customer_id
left join {{ ref('consent_facts') }} as consents on records.customer_id = consents.customer_id
left join {{ ref('touch_facts') }} as touches on records.customer_id = touches.customer_id
