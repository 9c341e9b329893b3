{# Per source that gives order lines, the happenings count as many lines as there are. #}
{% test lines_agree(model, order_lines) %}
with there as (
    select source, count(*) as lines from {{ order_lines }} group by source
),

here as (
    select source, sum(lines) as lines from {{ model }} where happening_key like 'order:%' group by source
)

select there.source, there.lines as expected, here.lines as found
from there
left join here on there.source = here.source
where there.lines is distinct from here.lines
{% endtest %}
