-- The kept row of every unique event, with its cleaned values: both tables, before they part. A view: each of
-- the two tables writes its half, and nobody else reads it.
{{ config(materialized='view') }}
with

unique_events as (

    select * from {{ ref('dhsc_unique_events') }}
    where row_id = kept_row_id

),

cleaned_rows as (

    select * from {{ ref('dhsc_cleaned_rows') }}

),

outcomes as (

    select * from {{ ref('dhsc_event_outcomes') }}

),

service_types as (

    select * from {{ ref('dhsc_service_types') }}

),

ethnicities as (

    select * from {{ ref('spec_code_lists') }}
    where release = '{{ dhsc_release() }}' and field = 'Ethnicity'

),

age_bands as (

    select * from {{ ref('dhsc_age_bands') }}

),

ages as (

    select distinct ages_of_events.der_latest_age
    from {{ ref('dhsc_unique_events') }} as ages_of_events

),

-- Each age once: to look for its band row by row would put all the wide rows in order of age.
ages_in_bands as (

    select
        ages.der_latest_age,
        age_bands.age_band,
        age_bands.working_age_band
    from ages
    inner join age_bands
        on ages.der_latest_age between age_bands.from_age and age_bands.to_age

)

select
    unique_events.events_table,
    unique_events.kept_row_id,
    unique_events.submission_id,
    cleaned_rows.imported_at,
    unique_events.is_cropped,
    cleaned_rows.is_service,
    cleaned_rows.la_person_key,
    cleaned_rows.der_birth_date,
    cleaned_rows.la_code,
    unique_events.ref_period_start as ref_period_start_date,
    unique_events.ref_period_end as ref_period_end_date,
    cleaned_rows.gender_cleaned,
    cleaned_rows.ethnicity_cleaned,
    case
        when cleaned_rows.ethnicity_cleaned = {{ dhsc_value('invalid') }} then 'Unknown'
        else ethnicities.value_group
    end as ethnicity_grouped,
    cleaned_rows.date_of_death,
    cleaned_rows.client_type_cleaned,
    cleaned_rows.primary_support_reason_cleaned,
    cleaned_rows.accommodation_status_cleaned,
    cleaned_rows.employment_status_cleaned,
    cleaned_rows.has_unpaid_carer_raw as has_unpaid_carer,
    cleaned_rows.autism_spectrum_disorder_asd,
    cleaned_rows.visual_impairment_cleaned,
    cleaned_rows.hearing_impairment_cleaned,
    cleaned_rows.dementia,
    cleaned_rows.client_funding_status_cleaned,
    cleaned_rows.event_type,
    cleaned_rows.event_start_date,
    unique_events.der_event_end_date,
    unique_events.der_unique_event_ref,
    cleaned_rows.event_outcome_cleaned,
    outcomes.hierarchy as event_outcome_hierarchy,
    outcomes.outcome_group as event_outcome_grouped,
    cleaned_rows.request_route_of_access_cleaned,
    cleaned_rows.der_conversation,
    cast(null as integer) as der_conversation_1,
    cleaned_rows.assessment_type_cleaned,
    cleaned_rows.eligible_needs_identified,
    cleaned_rows.method_of_assessment_cleaned,
    cleaned_rows.total_hrs_caring_per_week as total_hrs_caring_per_week_cleaned,
    cleaned_rows.no_of_adults_being_cared_for,
    cleaned_rows.adult_1_linked_person_id,
    cleaned_rows.adult_2_linked_person_id,
    cleaned_rows.adult_3_linked_person_id,
    cleaned_rows.service_type_cleaned,
    service_types.service_group as service_type_grouped,
    cleaned_rows.service_component_cleaned,
    cleaned_rows.delivery_mechanism_cleaned,
    cleaned_rows.provider_cqc_location_name,
    cleaned_rows.provider_cqc_location_id,
    cleaned_rows.unit_cost,
    cleaned_rows.cost_frequency_unit_type_cleaned,
    cleaned_rows.planned_units_per_week,
    cleaned_rows.review_reason_cleaned,
    case
        when lower(cleaned_rows.event_type) not like {{ dhsc_value('review', 'holds') }} then null
        -- An event type that only contains the word is of unknown review type, whatever its reason.
        when lower({{ end_trimmed('cleaned_rows.event_type') }}) != {{ dhsc_value('review', 'key') }}
            then 'Review Type Unknown'
        when cleaned_rows.review_reason_cleaned is null then null
        when cleaned_rows.review_reason_cleaned like {{ dhsc_value('any_unplanned_review') }}
            then 'Unplanned'
        when cleaned_rows.review_reason_cleaned like {{ dhsc_value('any_planned_review') }}
            then 'Planned review of long term support'
        when cleaned_rows.review_reason_cleaned = {{ dhsc_value('short_term_review') }}
            then {{ dhsc_value('short_term_review') }}
        else 'Review Type Unknown'
    end as review_type,
    cleaned_rows.review_outcomes_achieved_cleaned,
    cleaned_rows.method_of_review_cleaned,
    cleaned_rows.la_person_unique_identifier,
    cleaned_rows.der_nhs_la_combined_person_id,
    cast(year(cleaned_rows.date_of_birth) as integer) as der_birth_year,
    cast(month(cleaned_rows.date_of_birth) as integer) as der_birth_month,
    cast(
        {{ age_on('cleaned_rows.date_of_birth', 'cleaned_rows.event_start_date') }} as integer
    ) as der_age_event_start_date,
    unique_events.der_latest_age,
    coalesce(ages_in_bands.age_band, {{ dhsc_value('unknown_age_band') }}) as der_age_band,
    coalesce(ages_in_bands.working_age_band, {{ dhsc_value('unknown_working_age_band') }})
        as der_working_age_band,
    cleaned_rows.der_unique_record_id
from unique_events
inner join cleaned_rows
    on unique_events.row_id = cleaned_rows.row_id
left join outcomes
    on cleaned_rows.event_outcome_cleaned = outcomes.event_outcome
left join service_types
    on cleaned_rows.service_type_cleaned = service_types.service_type
left join ethnicities
    on cleaned_rows.ethnicity_cleaned = ethnicities.value
left join ages_in_bands
    on unique_events.der_latest_age = ages_in_bands.der_latest_age
