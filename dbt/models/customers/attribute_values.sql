with {{ survivorship_rules() }},

records as (
    select * from {{ ref('customer_records') }}
),

candidates as (
    {% for field in single_fields() %}
    select
        customer_id,
        '{{ field }}' as field,
        {{ as_text(field) }} as value,
        {# junk never wins over an address or number that identifies somebody #}
        case when {{ field ~ '_key is null' if field in ('email', 'phone') else 'false' }} then 0 else 1 end as usable,
        source,
        record_key,
        observed_at
    from records
    where {{ field }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

measured as (
    select
        candidates.*,
        rule_chains.first_rule,
        rule_chains.second_rule,
        rule_chains.third_rule,
        source_places.source_place,
        {{ dbt.length('candidates.value') }} as characters,
        count(*) over (
            partition by candidates.customer_id, candidates.field, candidates.value
        ) as occurrences
    from candidates
    inner join rule_chains on candidates.field = rule_chains.field
    left join source_places on candidates.field = source_places.field and candidates.source = source_places.source
),

ranked as (
    select
        measured.*,
        row_number() over (partition by customer_id, field order by usable desc, {{ best_first() }}) as place
    from measured
)

select customer_id, field, value, source, record_key, observed_at, first_rule as rule
from ranked
where place = 1
union all
select customer_id, field, value, source, record_key, observed_at, rule
from {{ ref('chosen_address') }}
