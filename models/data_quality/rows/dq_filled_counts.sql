-- In how many rows of a submission each field is filled: what the share of broken rows is taken of.
with

counted_submissions as (
    select
        {% for field in cld_fields() %}
        count(rows_read.{{ field }}) as {{ field }},
        {% endfor %}
        rows_read.submission_id
    from {{ ref('dq_rows') }} as rows_read
    group by rows_read.submission_id
)

select
    counts.submission_id,
    fields.header as field,
    counts.field_value as row_count
from {{ cells('counted_submissions', ['submission_id'], cld_fields()) }} as counts
inner join {{ ref('spec_fields') }} as fields on counts.field_name = fields.snake_name
