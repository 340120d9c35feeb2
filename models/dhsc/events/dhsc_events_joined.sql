-- The joined table: one row per unique event since the joined period began, for ASCOF and waiting
-- times. Costs and units are left out, as DHSC does.
with

kept_events as (

    select * from {{ ref('dhsc_kept_events') }}
    where events_table = 'joined'

)

select
    kept_events.kept_row_id,
    kept_events.submission_id,
    kept_events.imported_at,
    kept_events.is_cropped,
    kept_events.la_code,
    kept_events.ref_period_start_date,
    kept_events.ref_period_end_date,
    kept_events.gender_cleaned,
    kept_events.ethnicity_cleaned,
    kept_events.ethnicity_grouped,
    kept_events.date_of_death,
    kept_events.client_type_cleaned,
    kept_events.primary_support_reason_cleaned,
    kept_events.accommodation_status_cleaned,
    kept_events.employment_status_cleaned,
    kept_events.has_unpaid_carer,
    kept_events.autism_spectrum_disorder_asd,
    kept_events.visual_impairment_cleaned,
    kept_events.hearing_impairment_cleaned,
    kept_events.dementia,
    kept_events.client_funding_status_cleaned,
    kept_events.event_type,
    kept_events.event_start_date,
    kept_events.der_event_end_date,
    kept_events.der_unique_event_ref,
    kept_events.event_outcome_cleaned,
    kept_events.event_outcome_hierarchy,
    kept_events.event_outcome_grouped,
    kept_events.request_route_of_access_cleaned,
    kept_events.der_conversation,
    kept_events.der_conversation_1,
    kept_events.assessment_type_cleaned,
    kept_events.eligible_needs_identified,
    kept_events.method_of_assessment_cleaned,
    kept_events.total_hrs_caring_per_week_cleaned,
    kept_events.no_of_adults_being_cared_for,
    kept_events.adult_1_linked_person_id,
    kept_events.adult_2_linked_person_id,
    kept_events.adult_3_linked_person_id,
    kept_events.service_type_cleaned,
    kept_events.service_type_grouped,
    kept_events.service_component_cleaned,
    kept_events.delivery_mechanism_cleaned,
    kept_events.provider_cqc_location_name,
    kept_events.provider_cqc_location_id,
    kept_events.review_reason_cleaned,
    kept_events.review_type,
    kept_events.review_outcomes_achieved_cleaned,
    kept_events.method_of_review_cleaned,
    kept_events.la_person_unique_identifier,
    kept_events.der_nhs_la_combined_person_id,
    kept_events.der_birth_year,
    kept_events.der_birth_month,
    kept_events.der_age_event_start_date,
    kept_events.der_latest_age,
    kept_events.der_age_band,
    kept_events.der_working_age_band,
    kept_events.der_unique_record_id,
    kept_events.der_birth_date,
    kept_events.la_person_key
from kept_events
