-- The last word of each e-mail address, phone and record counts; among those of one customer the most restrictive wins.

{% set last_said = ["', last for the '", 'kind', "' in '", 'source'] %}

with last_words as (
    select *
    from (
        select
            words.*,
            row_number() over (
                partition by customer_id, purpose, kind, subject
                order by
                    changed_at desc nulls last,
                    case when status = 'denied' then 0 else 1 end,
                    consent_key
            ) as place
        from {{ ref('consent_words') }} as words
    ) as ranked
    where place = 1
),

weighed as (
    select
        last_words.*,
        count(*) over (partition by customer_id, purpose) as subjects,
        count(case when status = 'denied' then 1 end) over (partition by customer_id, purpose) as denials,
        row_number() over (
            partition by customer_id, purpose
            order by
                case when status = 'denied' then 0 else 1 end,
                changed_at desc nulls last,
                kind,
                consent_key,
                subject
        ) as weight
    from last_words
)

select
    customer_id,
    purpose,
    case when denials > 0 then 'denied' else 'granted' end as status,
    changed_at,
    subjects,
    case
        when denials > 0
            then {{ dbt.concat(["'denied by '", as_text('denials'), "' of '", as_text('subjects')] + last_said) }}
        else {{ dbt.concat(["'granted by all '", as_text('subjects')] + last_said) }}
    end as reason
from weighed
where weight = 1
