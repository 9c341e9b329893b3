with records as (
    select * from {{ ref('customer_records') }}
),

said as (
    {% for kind, usable in [
        ('email', 'email_key is not null'), ('phone', 'phone_key is not null'), ('customer_number', 'true'),
        ('loyalty_card', 'true'), ('device_id', 'true')
    ] %}
    select
        customer_id,
        '{{ kind }}' as kind,
        {{ kind }} as value,
        {{ usable }} as usable,
        source,
        record_key,
        coalesce(created_at, updated_at) as first_seen_at,
        coalesce(updated_at, created_at) as last_seen_at
    from records
    where {{ kind }} is not null
    union all
    {% endfor %}
    select
        ids.customer_id,
        'device_id' as kind,
        sessions.anonymous_id as value,
        true as usable,
        sessions.source,
        sessions.record_key,
        sessions.started_at as first_seen_at,
        sessions.ended_at as last_seen_at
    from {{ source('clean', 'sessions') }} as sessions
    inner join {{ source('identity', 'customer_ids') }} as ids on sessions.record_key = ids.record_key
    where sessions.anonymous_id is not null
)

select
    customer_id,
    kind,
    value,
    {{ dbt.bool_or('usable') }} as usable,
    {{ text_list('source') }} as sources,
    count(distinct record_key) as records,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at
from said
group by customer_id, kind, value
