-- The return as text, as it stands in the file: one row a row, numbered in the order of the file.
with

events as (
    select * from {{ ref('cld_events') }}
)

select
    events.cld_row_id,
    cast(row_number() over (
        order by
            events.la_person_unique_identifier,
            events.client_type,
            events.event_start_date,
            events.event_type,
            events.event_reference,
            events.cld_row_id
    ) as integer) as row_number,
    events.la_code,
    {{ day_as_sent('events.reporting_period_start_date') }} as reporting_period_start_date,
    {{ day_as_sent('events.reporting_period_end_date') }} as reporting_period_end_date,
    events.nhs_number,
    events.la_person_unique_identifier,
    events.first_name,
    events.last_name,
    events.gp_practice_name,
    events.gp_practice_code,
    events.gender,
    events.ethnicity,
    {{ day_as_sent('events.date_of_birth') }} as date_of_birth,
    {{ day_as_sent('events.date_of_death') }} as date_of_death,
    events.client_type,
    events.primary_support_reason,
    events.postcode,
    events.accommodation_status,
    events.employment_status,
    events.has_unpaid_carer,
    events.autism_spectrum_disorder_asd,
    events.visual_impairment,
    events.hearing_impairment,
    events.dementia,
    events.client_funding_status,
    events.event_type,
    events.event_reference,
    {{ day_as_sent('events.event_start_date') }} as event_start_date,
    {{ day_as_sent('events.event_end_date') }} as event_end_date,
    events.event_description,
    events.event_outcome,
    events.request_route_of_access,
    events.assessment_type,
    events.eligible_needs_identified,
    events.method_of_assessment,
    events.total_hrs_caring_per_week,
    cast(events.no_of_adults_being_cared_for as varchar) as no_of_adults_being_cared_for,
    events.adult_1_linked_person_id,
    events.adult_2_linked_person_id,
    events.adult_3_linked_person_id,
    events.service_type,
    events.service_component,
    events.delivery_mechanism,
    events.provider_cqc_location_name,
    events.provider_cqc_location_id,
    events.review_reason,
    events.review_outcomes_achieved,
    events.method_of_review,
    cast(events.unit_cost as varchar) as unit_cost,
    events.cost_frequency_unit_type,
    cast(events.planned_units_per_week as varchar) as planned_units_per_week
from events
