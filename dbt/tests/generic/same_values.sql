{# The distinct values of a column are those of another table's column: none is missing and none is new. #}
{% test same_values(model, column_name, to, field) %}
select coalesce(here.value, there.value) as value
from (select distinct {{ column_name }} as value from {{ model }}) as here
full join (select distinct {{ field }} as value from {{ to }}) as there on here.value = there.value
where here.value is null or there.value is null
{% endtest %}
