{# The fields of a person that are chosen one by one. The address is chosen as a whole: see chosen_address. #}
{% macro single_fields() %}
    {{ return(['title', 'first_name', 'last_name', 'email', 'phone', 'birth_date', 'gender']) }}
{% endmacro %}

{% macro address_fields() %}{{ return(['address', 'city', 'postcode', 'country']) }}{% endmacro %}

{# How good a candidate is by the rule that stands in a column; the highest score wins. Nothing known scores least. #}
{% macro score(rule) -%}
    case {{ rule }}
        when 'most_recent' then coalesce({{ cdp.seconds_since_1970('observed_at') }}, -1e18)
        when 'oldest' then coalesce(-{{ cdp.seconds_since_1970('observed_at') }}, -1e18)
        when 'most_frequent' then occurrences
        when 'longest' then characters
        when 'source_priority' then coalesce(-source_place, -1e18)
        else 0
    end
{%- endmacro %}

{# The order in which candidates win: the field's rules one after the other, at last the record key. #}
{% macro best_first() -%}
    {{ cdp.score('first_rule') }} desc,
    {{ cdp.score('second_rule') }} desc,
    {{ cdp.score('third_rule') }} desc,
    record_key
{%- endmacro %}

{# CTEs `rule_chains` (field, first_rule, second_rule, third_rule) and `source_places` (field, source, source_place). #}
{% macro survivorship_rules() -%}
    rule_chains as (
        select
            field,
            max(case when step = 1 then rule end) as first_rule,
            max(case when step = 2 then rule end) as second_rule,
            max(case when step = 3 then rule end) as third_rule
        from {{ source('customers', 'survivorship_rules') }}
        group by field
    ),

    source_places as (
        select field, source, min(priority) as source_place
        from {{ source('customers', 'survivorship_rules') }}
        where source is not null
        group by field, source
    )
{%- endmacro %}
