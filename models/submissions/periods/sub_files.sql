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
        min(code_lists.release) as first_release,
        max(code_lists.release) as last_release
    from {{ ref('spec_code_lists') }} as code_lists
    inner join fields on code_lists.field = fields.header
    where code_lists.release <> 'DHSC'
    group by fields.snake_name, code_lists.value
),

-- A file was made for a release between the one that brought its newest value and the one that had its oldest last.
possible_releases as (
    select
        field_values.submission_id,
        max(listed_values.first_release) as earliest,
        min(listed_values.last_release) as latest
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
        when possible_releases.earliest > possible_releases.latest then 'mixed'
        else least(greatest('{{ setting("cld_release") }}', possible_releases.earliest), possible_releases.latest)
    end as release
from file_facts
left join derived_periods
    on
        file_facts.submission_id = derived_periods.submission_id
        and derived_periods.reading = 'dhsc'
left join possible_releases on file_facts.submission_id = possible_releases.submission_id
