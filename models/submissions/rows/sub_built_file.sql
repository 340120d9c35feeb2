-- The file of the return built here: its name and the sha256 of exactly the bytes that are written.
{{ config(materialized='table') }}
with

built_rows as (
    select * from {{ ref('sub_built_rows') }}
),

fields as (
    select * from {{ ref('spec_fields') }}
),

header_line as (
    select {{ joined_text(csv_cell('fields.header'), "','", 'fields.field_order') }} as line
    from fields
),

data_lines as (
    select
        built_rows.row_number,
        {% for field in cld_fields() %}
        {{ csv_cell('built_rows.' ~ field) }}{{ " || ',' ||" if not loop.last }}
        {% endfor %} as line
    from built_rows
),

data_text as (
    select
        count(*) as row_count,
        {{ joined_text("data_lines.line || chr(10)", "''", 'data_lines.row_number') }} as body
    from data_lines
)

select
    {{ built_submission_id() }} as submission_id,
    '{{ setting("la_code") }}_CLD_{{ setting("reporting_period_start") | replace("-", "") }}'
    || '_{{ setting("reporting_period_end") | replace("-", "") }}.csv' as file_name,
    data_text.row_count,
    {{ sha256_of("header_line.line || chr(10) || coalesce(data_text.body, '')") }} as sha256,
    {{ date_setting('submission_date') }} as imported_at
from header_line
cross join data_text
where {{ setting('include_built') | lower }}
