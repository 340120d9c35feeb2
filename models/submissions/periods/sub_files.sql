-- Every submission: the files of the submissions folder and the return built here.
with

file_facts as (
    select * from {{ ref('sub_file_facts') }}
),

derived_periods as (
    select * from {{ ref('sub_event_spans') }}
),

field_values as (
    select * from {{ ref('sub_field_values') }}
),

fields as (
    select * from {{ ref('spec_fields') }}
),

listed_values as (
    select
        fields.snake_name,
        code_lists.value as field_value,
        max(case when code_lists.release = 'R1' then 1 else 0 end) as is_in_r1,
        max(case when code_lists.release = 'R2' then 1 else 0 end) as is_in_r2
    from {{ ref('spec_code_lists') }} as code_lists
    inner join fields on code_lists.field = fields.header
    group by fields.snake_name, code_lists.value
),

-- Values that stand in one release's list only tell which release a file was made for.
telling_values as (
    select
        field_values.submission_id,
        max(listed_values.is_in_r1 * (1 - listed_values.is_in_r2)) as has_r1_values,
        max(listed_values.is_in_r2 * (1 - listed_values.is_in_r1)) as has_r2_values
    from field_values
    inner join listed_values
        on
            field_values.field_name = listed_values.snake_name
            and field_values.field_value = listed_values.field_value
    group by field_values.submission_id
)

select
    file_facts.submission_id,
    file_facts.la_code,
    file_facts.origin,
    file_facts.file_name,
    file_facts.row_count,
    file_facts.sha256,
    file_facts.imported_at,
    file_facts.stated_period_start,
    file_facts.stated_period_end,
    derived_periods.derived_period_start,
    derived_periods.derived_period_end,
    case
        when telling_values.has_r1_values = 1 and telling_values.has_r2_values = 1 then 'mixed'
        when telling_values.has_r1_values = 1 then 'R1'
        else 'R2'
    end as release
from file_facts
left join derived_periods
    on
        file_facts.submission_id = derived_periods.submission_id
        and derived_periods.reading = 'dhsc'
left join telling_values on file_facts.submission_id = telling_values.submission_id
