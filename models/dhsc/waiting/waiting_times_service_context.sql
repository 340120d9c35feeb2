-- The waiting times to first service with the type of service: one row as in waiting_times.
with

waiting_times as (

    select * from {{ ref('waiting_times') }}
    where metric = 'Wait time to first service'

),

people as (

    select * from {{ ref('waiting_time_people') }}
    where part2_wait_time is not null

),

event_counts as (

    select * from {{ ref('waiting_event_counts') }}

),

types as (

    select
        people.la_code,
        people.stat_reporting_period_start_part2 as period_start,
        people.modified_next_service_mod_working_age_band as modified_working_age_band,
        cast(
            count(*) filter (
                where people.modified_next_service_type = {{ dhsc_value('st_max') }}
            ) as integer
        )
            as sts_st_max,
        cast(
            count(*) filter (
                where people.modified_next_service_type = {{ dhsc_value('nursing_care') }}
            ) as integer
        )
            as lts_nursing,
        cast(
            count(*) filter (
                where people.modified_next_service_type = {{ dhsc_value('ongoing_low_level') }}
            ) as integer
        )
            as sts_ongoing,
        cast(
            count(*) filter (
                where people.modified_next_service_type = {{ dhsc_value('community_support') }}
            ) as integer
        )
            as lts_community,
        cast(
            count(*) filter (
                where people.modified_next_service_type = {{ dhsc_value('residential_care') }}
            ) as integer
        )
            as lts_residential,
        cast(
            count(*) filter (
                where people.modified_next_service_type = {{ dhsc_value('prison_support') }}
            ) as integer
        )
            as lts_prison,
        cast(
            count(*) filter (
                where people.modified_next_service_type = {{ dhsc_value('other_short_term') }}
            ) as integer
        )
            as sts_other,
        cast(
            count(*) filter (
                where people.modified_next_service_type = {{ dhsc_value('invalid') }}
            ) as integer
        )
            as invalid_and_not_mapped,
        cast(count(*) filter (where people.modified_next_service_type is null) as integer)
            as {{ adapter.quote('null') }}
    from people
    group by
        people.la_code,
        people.stat_reporting_period_start_part2,
        people.modified_next_service_mod_working_age_band

)

select
    waiting_times.la_code,
    waiting_times.statistical_reporting_period_start,
    waiting_times.statistical_reporting_period_end,
    waiting_times.modified_working_age_band,
    waiting_times.metric,
    waiting_times.median_waiting_time,
    waiting_times.number_of_waiting_times_identified,
    coalesce(event_counts.all_request_count, 0) as all_request_count,
    coalesce(event_counts.all_assessment_count, 0) as all_assessment_count,
    coalesce(event_counts.all_service_count, 0) as all_service_count,
    types.sts_st_max,
    types.lts_nursing,
    types.sts_ongoing,
    types.lts_community,
    types.lts_residential,
    types.lts_prison,
    types.sts_other,
    types.invalid_and_not_mapped,
    types.{{ adapter.quote('null') }}
from waiting_times
inner join types
    on
        waiting_times.la_code = types.la_code
        and waiting_times.statistical_reporting_period_start = types.period_start
        and waiting_times.modified_working_age_band = types.modified_working_age_band
left join event_counts
    on
        waiting_times.la_code = event_counts.la_code
        and waiting_times.statistical_reporting_period_start = event_counts.period_start
        and waiting_times.modified_working_age_band = event_counts.modified_working_age_band
