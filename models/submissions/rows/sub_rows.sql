-- Every row of every submission, supplied or built here, in one shape: text as sent, and typed.
with

supplied_rows as (
    select * from {{ ref('stg_submissions__rows') }}
),

built_rows as (
    select * from {{ ref('sub_built_rows') }}
),

all_rows as (
    select
        supplied_rows.submission_id,
        supplied_rows.row_number,
        {{ cld_columns('supplied_rows') }}
    from supplied_rows
    union all
    select
        built_rows.submission_id,
        built_rows.row_number,
        {{ cld_columns('built_rows') }}
    from built_rows
)

select
    all_rows.submission_id,
    all_rows.row_number,
    all_rows.submission_id || '-' || all_rows.row_number as row_id,
    {{ cld_columns('all_rows') }},
    {{ submitted_date('all_rows.reporting_period_start_date') }}
        as reporting_period_start_date_date,
    {{ submitted_date('all_rows.reporting_period_end_date') }} as reporting_period_end_date_date,
    {{ submitted_date('all_rows.date_of_birth') }} as date_of_birth_date,
    {{ submitted_date('all_rows.date_of_death') }} as date_of_death_date,
    {{ submitted_date('all_rows.event_start_date') }} as event_start_date_date,
    {{ submitted_date('all_rows.event_end_date') }} as event_end_date_date,
    {{ submitted_amount('all_rows.unit_cost') }} as unit_cost_value,
    {{ submitted_amount('all_rows.planned_units_per_week') }} as planned_units_per_week_value,
    {{ submitted_whole_number('all_rows.no_of_adults_being_cared_for') }}
        as no_of_adults_being_cared_for_value
from all_rows
