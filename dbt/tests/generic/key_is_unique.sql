{# No two rows share the key, and no part of it is empty. One query where unique and not_null would be two. #}
{% test key_is_unique(model, columns) %}
select {{ columns | join(', ') }}, count(*) as violating_rows
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 {% for column in columns %}or {{ column }} is null {% endfor %}
{% endtest %}
