-- Dashboard fact: services of the 12 months, one row per unique event of the single table.
{{ config(alias='services') }}
with

events as (

    select * from {{ ref('dhsc_events_single') }}
    where lower({{ end_trimmed('event_type') }}) = {{ dhsc_value('service', 'key') }}

)

select
    events.kept_row_id,
    events.la_code,
    events.client_type_cleaned as client_type,
    events.gender_cleaned as gender,
    events.ethnicity_cleaned as ethnicity,
    events.der_age_band,
    events.der_working_age_band,
    events.primary_support_reason_cleaned as primary_support_reason,
    events.event_start_date,
    events.der_event_end_date as event_end_date,
    events.event_outcome_cleaned as event_outcome,
    events.event_outcome_grouped,
    events.date_of_death,
    events.service_type_cleaned as service_type,
    events.service_type_grouped,
    events.service_component_cleaned as service_component,
    events.delivery_mechanism_cleaned as delivery_mechanism,
    events.unit_cost,
    events.cost_frequency_unit_type_cleaned as cost_frequency_unit_type,
    events.planned_units_per_week,
    events.der_nhs_la_combined_person_id
from events
