{# The schema of a model is the folder it lies in: models/customers/timeline.sql is customers.timeline. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or (node.fqn[1] if node.resource_type == 'model' else target.schema) }}
{%- endmacro %}
