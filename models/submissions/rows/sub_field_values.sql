-- How often each value stands in each field with a defined list, by submission.
with

submitted_rows as (
    select * from {{ ref('sub_rows') }}
)

{% for field in cld_fields('defined list') %}
select
    submitted_rows.submission_id,
    '{{ field }}' as field_name,
    submitted_rows.{{ field }} as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.{{ field }} is not null
group by submitted_rows.submission_id, submitted_rows.{{ field }}
{{ 'union all' if not loop.last }}
{% endfor %}
