-- The events DHSC will count, for others to analyse: keyed hashes, no direct identifier, no free text.
with

events as (
    select * from {{ ref('dhsc_events_single') }}
),

people as (
    select * from {{ ref('share_people') }}
),

sent_rows as (
    select * from {{ ref('sub_rows') }}
),

-- What may stand in the columns that DHSC does not clean.
listed_values as (
    select distinct
        code_lists.field,
        lower(trim(code_lists.value)) as value_key
    from {{ ref('spec_code_lists') }} as code_lists
)

select
    {{ pseudonym('row', 'events.kept_row_id') }} as row_key,
    {{ pseudonym('event', 'events.der_unique_event_ref') }} as event_key,
    {{ pseudonym(
        'dhsc_person', "events.la_code || '|' || events.der_nhs_la_combined_person_id"
    ) }} as dhsc_person_key,
    {{ pseudonym('person', "events.la_code || '|' || events.la_person_key") }} as person_key,
    -- Links a person across councils that share the secret; a number that is none has no key.
    case
        when {{ nhs_number_is_valid("replace(sent_rows.nhs_number, ' ', '')") }}
            then {{ pseudonym('nhs', "replace(sent_rows.nhs_number, ' ', '')") }}
    end as nhs_key,
    -- The same kind of key as person_key: a carer's row joins to those cared for.
    {{ pseudonym(
        'person', "events.la_code || '|' || " ~ dhsc_key('events.adult_1_linked_person_id')
    ) }} as linked_adult_1_key,
    {{ pseudonym(
        'person', "events.la_code || '|' || " ~ dhsc_key('events.adult_2_linked_person_id')
    ) }} as linked_adult_2_key,
    {{ pseudonym(
        'person', "events.la_code || '|' || " ~ dhsc_key('events.adult_3_linked_person_id')
    ) }} as linked_adult_3_key,
    events.la_code,
    events.ref_period_start_date as period_start,
    events.ref_period_end_date as period_end,
    people.age_band,
    people.gender,
    people.ethnic_group,
    people.birth_year,
    people.birth_month,
    people.postcode_sector,
    events.date_of_death is not null as has_died,
    events.event_start_date,
    events.der_event_end_date as event_end_date,
    {{ unless_rare(
        'events.event_type', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as event_type,
    {{ unless_rare(
        'events.client_type_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as client_type,
    {{ unless_rare(
        'events.primary_support_reason_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as primary_support_reason,
    {{ unless_rare(
        'events.accommodation_status_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as accommodation_status,
    {{ unless_rare(
        'events.employment_status_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as employment_status,
    {{ unless_rare(
        'events.has_unpaid_carer', 'events.der_nhs_la_combined_person_id', 'events.la_code',
        'Has Unpaid Carer'
    ) }} as has_unpaid_carer,
    {{ unless_rare(
        'events.autism_spectrum_disorder_asd', 'events.der_nhs_la_combined_person_id', 'events.la_code',
        'Autism Spectrum Disorder (ASD)'
    ) }} as autism_spectrum_disorder_asd,
    {{ unless_rare(
        'events.visual_impairment_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as visual_impairment,
    {{ unless_rare(
        'events.hearing_impairment_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as hearing_impairment,
    {{ unless_rare(
        'events.dementia', 'events.der_nhs_la_combined_person_id', 'events.la_code',
        'Dementia'
    ) }} as dementia,
    {{ unless_rare(
        'events.client_funding_status_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as client_funding_status,
    {{ unless_rare(
        'events.event_outcome_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as event_outcome,
    {{ unless_rare(
        'events.request_route_of_access_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as request_route_of_access,
    {{ unless_rare(
        'events.assessment_type_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as assessment_type,
    {{ unless_rare(
        'events.eligible_needs_identified', 'events.der_nhs_la_combined_person_id', 'events.la_code',
        'Eligible Needs Identified'
    ) }} as eligible_needs_identified,
    {{ unless_rare(
        'events.method_of_assessment_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as method_of_assessment,
    {{ unless_rare(
        'events.total_hrs_caring_per_week_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as total_hrs_caring_per_week,
    {{ unless_rare(
        'events.service_type_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as service_type,
    {{ unless_rare(
        'events.service_component_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as service_component,
    {{ unless_rare(
        'events.delivery_mechanism_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as delivery_mechanism,
    {{ unless_rare(
        'events.review_reason_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as review_reason,
    {{ unless_rare(
        'events.review_outcomes_achieved_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as review_outcomes_achieved,
    {{ unless_rare(
        'events.method_of_review_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as method_of_review,
    {{ unless_rare(
        'events.cost_frequency_unit_type_cleaned', 'events.der_nhs_la_combined_person_id', 'events.la_code'
    ) }} as cost_frequency_unit_type,
    events.unit_cost,
    events.planned_units_per_week
from events
-- People whom no step can hide are left out, and counted in share_k_anonymity.
inner join people
    on
        events.la_code = people.la_code
        and events.der_nhs_la_combined_person_id = people.der_nhs_la_combined_person_id
left join sent_rows on events.kept_row_id = sent_rows.row_id
