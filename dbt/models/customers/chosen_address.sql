{{ config(materialized='ephemeral') }}

-- An address mixed from two homes is no address. So one record is the home: the one that says most about it, by the
-- rule of `address` among equals. What it lacks comes only from records of the same home: those that contradict it
-- nowhere and share its street or its postcode. A country may come from any record that does not contradict it.

with {{ survivorship_rules() }},

candidates as (
    select customer_id, source, record_key, observed_at, {{ address_fields() | join(', ') }}
    from {{ ref('customer_records') }}
    where coalesce({{ address_fields() | join(', ') }}) is not null
),

measured as (
    select
        candidates.*,
        rule_chains.first_rule,
        rule_chains.second_rule,
        rule_chains.third_rule,
        source_places.source_place,
        {{ dbt.length("coalesce(candidates.address, '')") }} as characters,
        count(*) over (
            partition by candidates.customer_id, candidates.address, candidates.city, candidates.postcode
        ) as occurrences
    from candidates
    inner join rule_chains on rule_chains.field = 'address'
    left join source_places on source_places.field = 'address' and candidates.source = source_places.source
),

ranked as (
    select
        measured.*,
        row_number() over (
            partition by customer_id
            order by
                case when address is null then 1 else 0 end,
                case when postcode is null then 1 else 0 end,
                case when city is null then 1 else 0 end,
                {{ best_first() }}
        ) as place
    from measured
),

home as (
    select customer_id, record_key, address, city, postcode from ranked where place = 1
),

agreeing as (
    select
        ranked.*,
        coalesce(ranked.postcode = home.postcode, false) or coalesce(ranked.address = home.address, false)
        or ranked.record_key = home.record_key as same_home
    from ranked
    inner join home on ranked.customer_id = home.customer_id
    where
        coalesce(ranked.address = home.address, true)
        and coalesce(ranked.city = home.city, true)
        and coalesce(ranked.postcode = home.postcode, true)
),

parts as (
    {% for field in address_fields() %}
    select customer_id, '{{ field }}' as field, {{ field }} as value, source, record_key, observed_at, first_rule, place
    from agreeing
    where {{ field }} is not null {{ 'and same_home' if field != 'country' }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

best as (
    select parts.*, row_number() over (partition by customer_id, field order by place) as part_place
    from parts
)

select customer_id, field, value, source, record_key, observed_at, first_rule as rule
from best
where part_place = 1
