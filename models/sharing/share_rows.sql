-- The events DHSC will count, each with what might be told of it and of its person, fine and coarse.
-- Ephemeral on purpose: it carries the identifiers it is joined by, so it is never stored here.
with

events as (
    select * from {{ ref('dhsc_events_single') }}
),

people as (
    select * from {{ ref('dhsc_person_details') }}
),

age_bands as (
    select * from {{ ref('dhsc_age_bands') }}
),

service_types as (
    select * from {{ ref('dhsc_service_types') }}
),

-- What may stand in a coded column: a name typed into the wrong column is in no list.
listed_values as (
    select distinct lower(trim(code_lists.value)) as value_key
    from {{ ref('spec_code_lists') }} as code_lists
),

ethnic_groups as (
    select
        events.ethnicity_cleaned,
        max(events.ethnicity_grouped) as ethnic_group
    from events
    group by events.ethnicity_cleaned
)

select
    events.la_code,
    events.der_nhs_la_combined_person_id,
    events.la_person_key,
    events.submission_id,
    events.ref_period_start_date as period_start,
    events.ref_period_end_date as period_end,
    coalesce(age_bands.age_band, {{ dhsc_value('unknown_age_band') }}) as age_band,
    coalesce(age_bands.working_age_band, {{ dhsc_value('unknown_working_age_band') }})
        as working_age_band,
    coalesce(people.gender, {{ dhsc_value('unknown_gender') }}) as gender,
    coalesce(ethnic_groups.ethnic_group, 'Unknown') as ethnic_group,
    people.der_birth_year as birth_year,
    people.der_birth_month as birth_month,
    people.date_of_death is not null or events.date_of_death is not null as has_died,
    case
        when events.event_start_date < events.ref_period_start_date then 'Before the period'
        else strftime(events.event_start_date, '%Y-%m')
    end as start_month,
    case
        when events.event_start_date < events.ref_period_start_date then 'Before the period'
        else
            strftime(events.event_start_date, '%Y Q')
            || extract(quarter from events.event_start_date)
    end as start_quarter,
    {{ if_listed('events.event_type') }} as event_type,
    {{ if_listed('events.client_type_cleaned') }} as client_type,
    {{ if_listed('events.primary_support_reason_cleaned') }} as primary_support_reason,
    {{ if_listed('events.accommodation_status_cleaned') }} as accommodation_status,
    {{ if_listed('events.request_route_of_access_cleaned') }} as request_route_of_access,
    {{ if_listed('events.service_type_cleaned') }} as service_type,
    service_types.service_group,
    -- DHSC's groups of outcomes: the outcome itself tells of deaths.
    events.event_outcome_grouped as event_outcome
from events
inner join people
    on
        events.la_code = people.la_code
        and events.der_nhs_la_combined_person_id = people.der_nhs_la_combined_person_id
left join age_bands
    on people.der_age_end_of_period between age_bands.from_age and age_bands.to_age
left join ethnic_groups on people.ethnicity = ethnic_groups.ethnicity_cleaned
left join service_types on lower(events.service_type_cleaned) = lower(service_types.service_type)
