-- Everything that happened. Orders, tickets and consents stand here even when nobody is known to have done them, so
-- that totals agree with clean; events only when they are tied to a record: the others are anonymous browsing.

with ids as (
    select record_key, customer_id from {{ source('identity', 'customer_ids') }}
),

orders as (
    select
        {{ dbt.concat(["'order:'", 'orders.order_key']) }} as happening_key,
        ids.customer_id,
        orders.ordered_at as happened_at,
        orders.kind,
        orders.source,
        orders.order_key as reference,
        orders.record_key,
        orders.channel,
        cast(orders.lines as {{ dbt.type_bigint() }}) as lines,
        cast(orders.quantity as {{ type_decimal() }}) as quantity,
        cast(orders.amount as {{ type_decimal() }}) as amount,
        orders.currency,
        {{ as_text('null') }} as sku,
        {{ as_text('null') }} as category,
        {{ as_text('null') }} as detail
    from {{ source('clean', 'orders') }} as orders
    left join ids on orders.record_key = ids.record_key
),

events as (
    select
        {{ dbt.concat(["'event:'", 'events.event_id']) }} as happening_key,
        ids.customer_id,
        events.occurred_at as happened_at,
        case when events.type = 'track' then events.event else 'page' end as kind,
        events.source,
        events.event_id as reference,
        events.record_key,
        'web' as channel,
        cast(null as {{ dbt.type_bigint() }}) as lines,
        cast(null as {{ type_decimal() }}) as quantity,
        cast(events.value as {{ type_decimal() }}) as amount,
        events.currency,
        events.sku,
        coalesce(products.category, {{ json_text('events.properties', 'category') }}) as category,
        coalesce(events.path, events.page) as detail
    from {{ source('clean', 'events') }} as events
    inner join ids on events.record_key = ids.record_key
    left join {{ source('clean', 'products') }} as products on events.sku = products.sku
    where events.type in ('track', 'page', 'screen')
),

tickets as (
    select
        {{ dbt.concat(["'ticket:'", 'tickets.ticket_key']) }} as happening_key,
        ids.customer_id,
        tickets.created_at as happened_at,
        'ticket' as kind,
        tickets.source,
        tickets.ticket_key as reference,
        tickets.record_key,
        'support' as channel,
        cast(null as {{ dbt.type_bigint() }}) as lines,
        cast(null as {{ type_decimal() }}) as quantity,
        cast(null as {{ type_decimal() }}) as amount,
        {{ as_text('null') }} as currency,
        {{ as_text('null') }} as sku,
        {{ as_text('null') }} as category,
        tickets.subject as detail
    from {{ source('clean', 'tickets') }} as tickets
    left join ids on tickets.record_key = ids.record_key
),

heard as (
    select consent_key, customer_id, min(record_key) as record_key
    from {{ ref('consent_words') }}
    group by consent_key, customer_id
),

consents as (
    select
        {{ dbt.concat(["'consent:'", 'consents.consent_key', "':'", "coalesce(heard.customer_id, '')"]) }}
            as happening_key,
        heard.customer_id,
        consents.changed_at as happened_at,
        'consent' as kind,
        consents.source,
        consents.consent_key as reference,
        coalesce(consents.record_key, heard.record_key) as record_key,
        consents.channel,
        cast(null as {{ dbt.type_bigint() }}) as lines,
        cast(null as {{ type_decimal() }}) as quantity,
        cast(null as {{ type_decimal() }}) as amount,
        {{ as_text('null') }} as currency,
        {{ as_text('null') }} as sku,
        {{ as_text('null') }} as category,
        {{ dbt.concat(['consents.purpose', "' '", 'consents.status']) }} as detail
    from {{ source('clean', 'consents') }} as consents
    left join heard on consents.consent_key = heard.consent_key
)

select * from orders
union all
select * from events
union all
select * from tickets
union all
select * from consents
