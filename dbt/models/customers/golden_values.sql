{{ config(materialized='ephemeral') }}

select
    customer_id
    {% for field in single_fields() + address_fields() %}
    {% set value = "max(case when field = '" ~ field ~ "' then value end)" %},
    {{ 'cast(' ~ value ~ ' as date)' if field == 'birth_date' else value }} as {{ field }},
    max(case when field = '{{ field }}' then source end) as {{ field }}_source,
    max(case when field = '{{ field }}' then observed_at end) as {{ field }}_at
    {% endfor %}
from {{ ref('attribute_values') }}
group by customer_id
