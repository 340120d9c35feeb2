-- People in long term support in the period, as ASCOF 2E sees them: one row per council and person.
with

events as (

    select * from {{ ref('ascof_events') }}

),

person_details as (

    select * from {{ ref('dhsc_person_details') }}

),

age_bands as (

    select * from {{ ref('dhsc_age_bands') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

supported_people as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        max(least(events.event_end_date, {{ date_setting('reporting_period_end') }}))
            as last_day_in_period
    from events
    where
        events.client_type = {{ dhsc_value('service_user') }}
        and events.is_service
        and events.is_long_term
        and events.event_start_date <= {{ date_setting('reporting_period_end') }}
        and events.event_end_date >= {{ date_setting('reporting_period_start') }}
    group by events.la_code, events.der_nhs_la_combined_person_id

),

aged_people as (

    select
        supported_people.la_code,
        supported_people.der_nhs_la_combined_person_id,
        person_details.la_person_unique_identifier_latest as la_person_unique_identifier,
        person_details.accommodation_status,
        person_details.accommodation_status_group,
        person_details.gender,
        person_details.primary_support_reason,
        {{ dhsc_age('person_details.der_birth_date', 'supported_people.last_day_in_period') }}
            as person_age
    from supported_people
    inner join person_details
        on
            supported_people.la_code = person_details.la_code
            and supported_people.der_nhs_la_combined_person_id
            = person_details.der_nhs_la_combined_person_id
    where
        person_details.date_of_death is null
        or person_details.date_of_death >= {{ date_setting('reporting_period_start') }}

)

select
    aged_people.la_code,
    councils.la_name,
    aged_people.der_nhs_la_combined_person_id,
    aged_people.la_person_unique_identifier,
    aged_people.accommodation_status,
    aged_people.gender,
    aged_people.person_age,
    coalesce(age_bands.working_age_band, {{ dhsc_value('unknown_working_age_band') }})
        as person_working_age_band,
    aged_people.accommodation_status_group,
    aged_people.person_age is not null as has_known_age,
    coalesce(
        aged_people.primary_support_reason = {{ dhsc_value('learning_disability_support') }}
        and age_bands.working_age_band = {{ dhsc_value('working_age') }},
        false
    ) as is_learning_disability,
    aged_people.accommodation_status in (
        {{ dhsc_value([
            'unknown_accommodation_status', 'presumed_at_home', 'presumed_in_community',
        ]) }}
    ) as is_accommodation_unknown
from aged_people
inner join councils
    on aged_people.la_code = councils.la_code
left join age_bands
    on aged_people.person_age between age_bands.from_age and age_bands.to_age
where aged_people.person_age >= 18 or aged_people.person_age is null
