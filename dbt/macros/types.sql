{# Money and quantities: exact, four places behind the point. #}
{% macro type_decimal() %}{{ return(adapter.dispatch('type_decimal', 'cdp')()) }}{% endmacro %}
{% macro default__type_decimal() %}decimal(18, 4){% endmacro %}
{% macro bigquery__type_decimal() %}numeric{% endmacro %}

{# Seconds since 1970 of a timestamp, as a number that can be compared and negated. #}
{% macro seconds_since_1970(timestamp) -%}
    {{ return(adapter.dispatch('seconds_since_1970', 'cdp')(timestamp)) }}
{%- endmacro %}
{% macro default__seconds_since_1970(timestamp) %}extract(epoch from {{ timestamp }}){% endmacro %}
{% macro bigquery__seconds_since_1970(timestamp) %}unix_seconds({{ timestamp }}){% endmacro %}
{% macro snowflake__seconds_since_1970(timestamp) %}date_part(epoch_second, {{ timestamp }}){% endmacro %}
{% macro spark__seconds_since_1970(timestamp) %}unix_timestamp({{ timestamp }}){% endmacro %}

{# A value of a JSON object as text; null when it is not there. #}
{% macro json_text(column, key) %}{{ return(adapter.dispatch('json_text', 'cdp')(column, key)) }}{% endmacro %}
{% macro default__json_text(column, key) %}json_extract_string({{ column }}, '$.{{ key }}'){% endmacro %}
{% macro postgres__json_text(column, key) %}(({{ column }})::jsonb ->> '{{ key }}'){% endmacro %}
{% macro redshift__json_text(column, key) %}json_extract_path_text({{ column }}, '{{ key }}', true){% endmacro %}
{% macro snowflake__json_text(column, key) %}get_path(try_parse_json({{ column }}), '{{ key }}')::varchar{% endmacro %}
{% macro bigquery__json_text(column, key) %}json_value({{ column }}, '$.{{ key }}'){% endmacro %}
{% macro spark__json_text(column, key) %}get_json_object({{ column }}, '$.{{ key }}'){% endmacro %}

{# The earlier and the later of two times; one that is not known does not count. #}
{% macro earlier(one, other) -%}
    case when {{ one }} is null or {{ other }} < {{ one }} then {{ other }} else {{ one }} end
{%- endmacro %}
{% macro later(one, other) -%}
    case when {{ one }} is null or {{ other }} > {{ one }} then {{ other }} else {{ one }} end
{%- endmacro %}

{% macro as_text(expression) %}cast({{ expression }} as {{ dbt.type_string() }}){% endmacro %}
