-- Dashboard fact: assessments of the 12 months, grouped by all columns as DHSC does.
{{ config(alias='assessments') }}
with

events as (

    select * from {{ ref('dhsc_events_single') }}
    where lower({{ end_trimmed('event_type') }}) = {{ dhsc_value('assessment', 'key') }}

),

flags as (

    select * from {{ ref('dhsc_long_term_flags') }}

)

select
    events.event_type,
    events.la_code,
    events.client_type_cleaned as client_type,
    events.gender_cleaned as gender,
    events.ethnicity_cleaned as ethnicity,
    events.primary_support_reason_cleaned as primary_support_reason,
    events.event_start_date,
    events.der_event_end_date as event_end_date,
    events.assessment_type_cleaned as assessment_type,
    events.event_outcome_cleaned as event_outcome,
    events.event_outcome_grouped,
    events.eligible_needs_identified,
    events.der_age_band,
    events.der_working_age_band,
    events.der_nhs_la_combined_person_id,
    flags.lts_flag,
    events.der_conversation,
    events.der_conversation_1,
    cast(count(*) as integer) as event_count
from events
inner join flags
    on events.kept_row_id = flags.kept_row_id
group by all
