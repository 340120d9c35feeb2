-- How often each value stands in each field, and how it is judged: one row a submission, row profile, client type,
-- event type, field, value and validity.
{{ config(materialized='view') }}
{% set all_rows = ref('dq_rows') %}
with

fields as (
    select
        fields.snake_name as field_name,
        fields.header,
        fields.module,
        case
            when fields.personal_identifiable like 'yes%' then 'identifier'
            when fields.snake_name = 'event_reference' then 'identifier'
            when fields.personal_identifiable like 'possible%' then 'free text'
            else 'shown'
        end as value_kind
    from {{ ref('spec_fields') }} as fields
),

unkept_rows as (
    select * from {{ ref('dq_unkept_rows') }}
),

unlisted_values as (
    select * from {{ ref('dq_unlisted_values') }}
),

-- One line per cell written wrongly, whichever and how many format rules it breaks.
badly_written_cells as (
    select distinct
        breaches.submission_id,
        breaches.row_number,
        breaches.field_name,
        breaches.found_value
    from {{ ref('dq_rules_format') }} as breaches
    where breaches.found_value is not null
),

-- Few rows are left out by DHSC: they are counted apart, so that the others need not be looked up.
left_out_rows as (
    select
        rows_read.submission_id,
        rows_read.row_profile,
        {% for field in cld_fields() %}
        rows_read.{{ field }},
        {% endfor %}
        rows_read.submitted_words
    from {{ all_rows }} as rows_read
    inner join unkept_rows
        on
            rows_read.submission_id = unkept_rows.submission_id
            and rows_read.row_number = unkept_rows.row_number
),

cell_counts as (
    {% for relation in [all_rows, 'left_out_rows'] %}
    select
        cells.submission_id,
        cells.row_profile,
        {{ as_submitted('cells', 'client_type') }} as client_type,
        {{ as_submitted('cells', 'event_type') }} as event_type,
        cells.field_name,
        case
            when cells.field_value is null then null
            when fields.value_kind = 'identifier' then 'N/A - PID'
            when fields.value_kind = 'shown'
                then coalesce(cells.submitted_words[cells.field_name], cells.field_value)
        end as field_value,
        cells.field_value is null as is_blank,
        {{ 'count(*)' if relation != 'left_out_rows' else 'cast(0 as bigint)' }} as row_count,
        {{ 'count(*)' if relation == 'left_out_rows' else 'cast(0 as bigint)' }} as unkept_count
    from {{ cells(
        relation, ['submission_id', 'row_profile', 'client_type', 'event_type', 'submitted_words'], cld_fields()
    ) }} as cells
    inner join fields on cells.field_name = fields.field_name
    group by 1, 2, 3, 4, 5, 6, 7
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

filled_counts as (
    select
        cell_counts.submission_id,
        cell_counts.row_profile,
        cell_counts.client_type,
        cell_counts.event_type,
        cell_counts.field_name,
        cell_counts.field_value,
        cell_counts.is_blank,
        sum(cell_counts.row_count) as row_count,
        sum(cell_counts.unkept_count) as unkept_count
    from cell_counts
    group by 1, 2, 3, 4, 5, 6, 7
),

badly_written_counts as (
    select
        rows_read.submission_id,
        rows_read.row_profile,
        {{ as_submitted('rows_read', 'client_type') }} as client_type,
        {{ as_submitted('rows_read', 'event_type') }} as event_type,
        badly_written_cells.field_name,
        case
            when fields.value_kind = 'identifier' then 'N/A - PID'
            when fields.value_kind = 'shown' then badly_written_cells.found_value
        end as field_value,
        count(*) as row_count,
        count(unkept_rows.row_number) as unkept_count
    from badly_written_cells
    inner join {{ all_rows }} as rows_read
        on
            badly_written_cells.submission_id = rows_read.submission_id
            and badly_written_cells.row_number = rows_read.row_number
    inner join fields on badly_written_cells.field_name = fields.field_name
    left join unkept_rows
        on
            rows_read.submission_id = unkept_rows.submission_id
            and rows_read.row_number = unkept_rows.row_number
    group by 1, 2, 3, 4, 5, 6
)

select
    filled_counts.submission_id,
    filled_counts.row_profile,
    filled_counts.client_type,
    filled_counts.event_type,
    filled_counts.field_name,
    filled_counts.field_value,
    case
        when filled_counts.is_blank then 'blank'
        else coalesce(unlisted_values.field_validity, 'Passed: Valid')
    end as field_validity,
    filled_counts.row_count - coalesce(badly_written_counts.row_count, 0) as row_count,
    filled_counts.unkept_count
    - coalesce(badly_written_counts.unkept_count, 0) as unkept_count
from filled_counts
left join unlisted_values
    on
        filled_counts.submission_id = unlisted_values.submission_id
        and filled_counts.field_name = unlisted_values.field_name
        and filled_counts.field_value = unlisted_values.field_value
left join badly_written_counts
    on
        not filled_counts.is_blank
        and filled_counts.submission_id = badly_written_counts.submission_id
        and filled_counts.row_profile = badly_written_counts.row_profile
        and filled_counts.client_type is not distinct from badly_written_counts.client_type
        and filled_counts.event_type is not distinct from badly_written_counts.event_type
        and filled_counts.field_name = badly_written_counts.field_name
        and filled_counts.field_value is not distinct from badly_written_counts.field_value
union all
select
    badly_written_counts.submission_id,
    badly_written_counts.row_profile,
    badly_written_counts.client_type,
    badly_written_counts.event_type,
    badly_written_counts.field_name,
    badly_written_counts.field_value,
    'Failed: Invalid' as field_validity,
    badly_written_counts.row_count,
    badly_written_counts.unkept_count
from badly_written_counts
