-- Dashboard fact: requests of the 12 months, grouped by all columns as DHSC does.
{{ config(alias='requests') }}
with

events as (

    select * from {{ ref('dhsc_events_single') }}
    where lower({{ end_trimmed('event_type') }}) = {{ dhsc_value('request', 'key') }}

),

flags as (

    select * from {{ ref('dhsc_long_term_flags') }}

)

select
    events.la_code,
    events.client_type_cleaned as client_type,
    events.gender_cleaned as gender,
    events.ethnicity_cleaned as ethnicity,
    events.primary_support_reason_cleaned as primary_support_reason,
    events.event_start_date,
    events.der_event_end_date as event_end_date,
    events.event_outcome_cleaned as event_outcome,
    events.event_outcome_grouped,
    events.request_route_of_access_cleaned as request_route_of_access,
    events.der_age_band,
    events.der_working_age_band,
    events.der_nhs_la_combined_person_id,
    flags.lts_flag,
    cast(count(*) as integer) as event_count
from events
inner join flags
    on events.kept_row_id = flags.kept_row_id
group by all
