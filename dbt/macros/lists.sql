{# Distinct texts of a group as a list in alphabetical order; an empty list when there are none. #}
{% macro text_list(expression) %}{{ return(adapter.dispatch('text_list', 'cdp')(expression)) }}{% endmacro %}
{% macro default__text_list(expression) -%}
    coalesce(
        array_agg(distinct {{ expression }} order by {{ expression }}) filter (where {{ expression }} is not null),
        {{ cdp.empty_text_list() }}
    )
{%- endmacro %}
{% macro bigquery__text_list(expression) -%}
    array_agg(distinct {{ expression }} ignore nulls order by {{ expression }})
{%- endmacro %}
{% macro snowflake__text_list(expression) -%}
    array_agg(distinct {{ expression }}) within group (order by {{ expression }})
{%- endmacro %}
{% macro spark__text_list(expression) %}array_sort(collect_set({{ expression }})){% endmacro %}

{% macro empty_text_list() %}{{ return(adapter.dispatch('empty_text_list', 'cdp')()) }}{% endmacro %}
{% macro default__empty_text_list() %}cast(array[] as {{ dbt.type_string() }}[]){% endmacro %}
{% macro bigquery__empty_text_list() %}cast([] as array<string>){% endmacro %}
{% macro snowflake__empty_text_list() %}array_construct(){% endmacro %}
{% macro spark__empty_text_list() %}cast(array() as array<string>){% endmacro %}
