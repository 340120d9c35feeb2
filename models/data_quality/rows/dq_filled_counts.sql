-- In how many rows of a submission each field is filled: what the share of broken rows is taken of.
{% set all_rows = ref('dq_rows') %}
with

counts as (
    {% for field in cld_fields() %}
    select
        rows_read.submission_id,
        '{{ field }}' as field_name,
        count(rows_read.{{ field }}) as row_count
    from {{ all_rows }} as rows_read
    group by rows_read.submission_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    counts.submission_id,
    fields.header as field,
    counts.row_count
from counts
inner join {{ ref('spec_fields') }} as fields on counts.field_name = fields.snake_name
