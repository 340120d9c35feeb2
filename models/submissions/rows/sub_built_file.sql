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
        {{ csv_cell('built_rows.la_code') }}
        || ',' || {{ csv_cell('built_rows.reporting_period_start_date') }}
        || ',' || {{ csv_cell('built_rows.reporting_period_end_date') }}
        || ',' || {{ csv_cell('built_rows.nhs_number') }}
        || ',' || {{ csv_cell('built_rows.la_person_unique_identifier') }}
        || ',' || {{ csv_cell('built_rows.first_name') }}
        || ',' || {{ csv_cell('built_rows.last_name') }}
        || ',' || {{ csv_cell('built_rows.gp_practice_name') }}
        || ',' || {{ csv_cell('built_rows.gp_practice_code') }}
        || ',' || {{ csv_cell('built_rows.gender') }}
        || ',' || {{ csv_cell('built_rows.ethnicity') }}
        || ',' || {{ csv_cell('built_rows.date_of_birth') }}
        || ',' || {{ csv_cell('built_rows.date_of_death') }}
        || ',' || {{ csv_cell('built_rows.client_type') }}
        || ',' || {{ csv_cell('built_rows.primary_support_reason') }}
        || ',' || {{ csv_cell('built_rows.postcode') }}
        || ',' || {{ csv_cell('built_rows.accommodation_status') }}
        || ',' || {{ csv_cell('built_rows.employment_status') }}
        || ',' || {{ csv_cell('built_rows.has_unpaid_carer') }}
        || ',' || {{ csv_cell('built_rows.autism_spectrum_disorder_asd') }}
        || ',' || {{ csv_cell('built_rows.visual_impairment') }}
        || ',' || {{ csv_cell('built_rows.hearing_impairment') }}
        || ',' || {{ csv_cell('built_rows.dementia') }}
        || ',' || {{ csv_cell('built_rows.client_funding_status') }}
        || ',' || {{ csv_cell('built_rows.event_type') }}
        || ',' || {{ csv_cell('built_rows.event_reference') }}
        || ',' || {{ csv_cell('built_rows.event_start_date') }}
        || ',' || {{ csv_cell('built_rows.event_end_date') }}
        || ',' || {{ csv_cell('built_rows.event_description') }}
        || ',' || {{ csv_cell('built_rows.event_outcome') }}
        || ',' || {{ csv_cell('built_rows.request_route_of_access') }}
        || ',' || {{ csv_cell('built_rows.assessment_type') }}
        || ',' || {{ csv_cell('built_rows.eligible_needs_identified') }}
        || ',' || {{ csv_cell('built_rows.method_of_assessment') }}
        || ',' || {{ csv_cell('built_rows.total_hrs_caring_per_week') }}
        || ',' || {{ csv_cell('built_rows.no_of_adults_being_cared_for') }}
        || ',' || {{ csv_cell('built_rows.adult_1_linked_person_id') }}
        || ',' || {{ csv_cell('built_rows.adult_2_linked_person_id') }}
        || ',' || {{ csv_cell('built_rows.adult_3_linked_person_id') }}
        || ',' || {{ csv_cell('built_rows.service_type') }}
        || ',' || {{ csv_cell('built_rows.service_component') }}
        || ',' || {{ csv_cell('built_rows.delivery_mechanism') }}
        || ',' || {{ csv_cell('built_rows.provider_cqc_location_name') }}
        || ',' || {{ csv_cell('built_rows.provider_cqc_location_id') }}
        || ',' || {{ csv_cell('built_rows.review_reason') }}
        || ',' || {{ csv_cell('built_rows.review_outcomes_achieved') }}
        || ',' || {{ csv_cell('built_rows.method_of_review') }}
        || ',' || {{ csv_cell('built_rows.unit_cost') }}
        || ',' || {{ csv_cell('built_rows.cost_frequency_unit_type') }}
        || ',' || {{ csv_cell('built_rows.planned_units_per_week') }} as line
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
