-- How well each field is filled, in the words of DHSC's data quality tables.
with

fields as (
    select * from {{ ref('spec_fields') }}
),

judged_counts as (
    select * from {{ ref('dq_field_counts') }}
),

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

field_status as (
    select * from {{ ref('dq_field_status') }}
),

unkept_rows as (
    select * from {{ ref('dq_unkept_rows') }}
),

named_values as (
    select * from {{ ref('dq_named_values') }}
)

select
    judged_counts.submission_id,
    submissions.la_code,
    fields.module,
    fields.header as field,
    case
        when
            named_event_types.field_value is not null
            or {{ holds_identifier('judged_counts.event_type') }}
            then 'N/A - PID'
        else judged_counts.event_type
    end as event_type,
    case
        when
            named_client_types.field_value is not null
            or {{ holds_identifier('judged_counts.client_type') }}
            then 'N/A - PID'
        else judged_counts.client_type
    end as client_type,
    field_status.field_status,
    case
        when judged_counts.field_validity <> 'blank' then judged_counts.field_validity
        when field_status.field_status = 'Mandatory' then 'Failed: Blank (Mandatory)'
        else 'Passed: Blank (Not Mandatory)'
    end as field_validity,
    case
        when
            named_values.field_value is not null
            or {{ holds_identifier('judged_counts.field_value') }}
            then 'N/A - PID'
        else judged_counts.field_value
    end as value,
    cast(sum(judged_counts.row_count) as bigint) as row_count,
    cast(
        case
            when max(unkept_submissions.submission_id) is null
                then sum(judged_counts.row_count - judged_counts.unkept_count)
            else 0
        end as bigint
    ) as row_count_kept_by_dhsc
from judged_counts
inner join field_status
    on
        judged_counts.row_profile = field_status.row_profile
        and judged_counts.field_name = field_status.field_name
inner join fields on judged_counts.field_name = fields.snake_name
inner join submissions on judged_counts.submission_id = submissions.submission_id
left join unkept_rows as unkept_submissions
    on
        judged_counts.submission_id = unkept_submissions.submission_id
        and unkept_submissions.row_number is null
left join named_values
    on
        judged_counts.submission_id = named_values.submission_id
        and judged_counts.field_name = named_values.field_name
        and judged_counts.field_value = named_values.field_value
left join named_values as named_event_types
    on
        judged_counts.submission_id = named_event_types.submission_id
        and named_event_types.field_name = 'event_type'
        and judged_counts.event_type = named_event_types.field_value
left join named_values as named_client_types
    on
        judged_counts.submission_id = named_client_types.submission_id
        and named_client_types.field_name = 'client_type'
        and judged_counts.client_type = named_client_types.field_value
where judged_counts.row_count > 0
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
