-- Local indicator, not ASCOF 2D: reablement episodes of people aged 65 and over that start in the
-- period, with death or a move to long term care within 84 days of the start. One row per episode.
with

events as (

    select * from {{ ref('ascof_2a_events') }}
    where is_service

),

person_details as (

    select * from {{ ref('dhsc_person_details') }}

),

reablement as (

    select
        events.*,
        max(events.event_end_date) over (
            partition by events.la_code, events.der_nhs_la_combined_person_id
            order by events.event_start_date, events.event_end_date, events.der_unique_record_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date
    from events
    where
        events.service_type = {{ dhsc_value('st_max') }}
        and events.service_component = {{ dhsc_value('reablement') }}

),

episodes as (

    select
        reablement.la_code,
        reablement.der_nhs_la_combined_person_id,
        reablement.event_start_date as episode_start_date
    from reablement
    where
        (
            reablement.earlier_end_date is null
            or {{ dbt.datediff(
                'reablement.earlier_end_date', 'reablement.event_start_date', 'day'
            ) }}
            > {{ dhsc_number('dhsc_short_term_gap_days') }}
        )
        and reablement.event_start_date between
        {{ date_setting('reporting_period_start') }} and {{ date_setting('reporting_period_end') }}

),

care_homes as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        events.event_start_date
    from events
    where
        events.is_long_term
        and events.service_type
        in ({{ dhsc_value(['nursing_care', 'residential_care']) }})

),

aged as (

    select
        episodes.*,
        person_details.la_person_unique_identifier_latest as la_person_unique_identifier,
        person_details.date_of_death,
        {{ dhsc_age('person_details.der_birth_date', 'episodes.episode_start_date') }} as age
    from episodes
    inner join person_details
        on
            episodes.la_code = person_details.la_code
            and episodes.der_nhs_la_combined_person_id
            = person_details.der_nhs_la_combined_person_id

)

select
    aged.la_code,
    aged.der_nhs_la_combined_person_id,
    aged.la_person_unique_identifier,
    aged.episode_start_date,
    case
        when aged.age >= 85 then '85 and above'
        when aged.age >= 75 then {{ dhsc_value('age_75_to_84') }}
        else {{ dhsc_value('age_65_to_74') }}
    end as age_band,
    coalesce(
        {{ dbt.datediff('aged.episode_start_date', 'aged.date_of_death', 'day') }}
        between 0 and {{ dhsc_number('dhsc_after_short_term_days') }},
        false
    ) as has_died,
    exists(
        select 1
        from care_homes
        where
            care_homes.la_code = aged.la_code
            and care_homes.der_nhs_la_combined_person_id = aged.der_nhs_la_combined_person_id
            and {{ dbt.datediff('aged.episode_start_date', 'care_homes.event_start_date', 'day') }}
            between 0 and {{ dhsc_number('dhsc_after_short_term_days') }}
    ) as has_moved_to_care_home,
    {{ dbt.datediff('aged.episode_start_date', date_setting('reporting_period_end'), 'day') }}
    >= {{ dhsc_number('dhsc_after_short_term_days') }} as is_followed_to_the_end
from aged
where aged.age >= 65
