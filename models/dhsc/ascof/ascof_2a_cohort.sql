-- The episodes of short term support that ASCOF 2A looks at: ended in the period, adults, alive at the start; with
-- whether the client is new (not in long term support in the 91 days before): later steps drop those who are not.
with

clusters as (

    select * from {{ ref('ascof_2a_clusters') }}

),

events as (

    select * from {{ ref('ascof_2a_events') }}
    -- DHSC looks at the type of service alone: a type on a row that is no service counts too.
    where is_long_term

),

person_details as (

    select * from {{ ref('dhsc_person_details') }}

),

aged as (

    select
        clusters.*,
        person_details.la_person_unique_identifier_latest as la_person_unique_identifier,
        person_details.date_of_death,
        {{ dhsc_age('person_details.der_birth_date', 'clusters.cluster_end') }} as age
    from clusters
    inner join person_details
        on
            clusters.la_code = person_details.la_code
            and clusters.der_nhs_la_combined_person_id
            = person_details.der_nhs_la_combined_person_id
    where
        clusters.cluster_end between
        {{ date_setting('reporting_period_start') }} and {{ date_setting('reporting_period_end') }}

)

select
    aged.la_code,
    aged.der_nhs_la_combined_person_id,
    aged.la_person_unique_identifier,
    aged.st_max_cluster_id,
    aged.cluster_start,
    aged.cluster_end,
    aged.cluster_outcome,
    aged.cluster_outcome_rank,
    aged.date_of_death,
    case
        when aged.age is null then {{ dhsc_value('unknown_working_age_band') }}
        when aged.age < 65 then {{ dhsc_value('working_age') }}
        else {{ dhsc_value('older_age') }}
    end as age_band,
    -- DHSC's comments say 3 months, 91, 365 and 28 days in different places; its code says 91.
    not exists (
        select 1
        from events
        where
            events.la_code = aged.la_code
            and events.der_nhs_la_combined_person_id = aged.der_nhs_la_combined_person_id
            and events.event_start_date < aged.cluster_start
            and {{ dbt.datediff('events.event_end_date', 'aged.cluster_start', 'day') }}
            < {{ dhsc_number('dhsc_long_term_before_days') }}
    ) as is_new_client
from aged
where
    (aged.age >= 18 or aged.age is null)
    and (aged.date_of_death is null or aged.date_of_death >= aged.cluster_start)
