{# The row count lies within a band around the median of the last ten builds, once there were three. #}
{% test volume_is_usual(model, low=0.5, high=3) %}
{{ config(severity='warn') }}
with past as (
    select rows as past_rows
    from platform.history
    where table_name = '{{ model.schema }}.{{ model.identifier }}'
    order by built_at desc
    limit 10
),

usual as (
    select percentile_cont(0.5) within group (order by past_rows) as usual_rows, count(*) as builds
    from past
),

today as (
    select count(*) as todays_rows from {{ model }}
)

select today.todays_rows, usual.usual_rows
from today
cross join usual
where
    usual.builds >= 3
    and usual.usual_rows > 20
    and (today.todays_rows < usual.usual_rows * {{ low }} or today.todays_rows > usual.usual_rows * {{ high }})
{% endtest %}
