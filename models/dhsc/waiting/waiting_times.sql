-- DHSC's waiting times: median days from request to first response and to first service. One row per
-- council, calendar quarter of the response or service, age band and metric.
with

people as (

    select * from {{ ref('waiting_time_people') }}

),

waits as (

    select
        people.la_code,
        people.stat_reporting_period_start_part1 as period_start,
        people.stat_reporting_period_end_part1 as period_end,
        people.modified_next_assessment_mod_working_age_band as modified_working_age_band,
        'Wait time to first response' as metric,
        people.part1_wait_time as wait_time
    from people
    where people.part1_wait_time is not null
    union all
    select
        people.la_code,
        people.stat_reporting_period_start_part2 as period_start,
        people.stat_reporting_period_end_part2 as period_end,
        people.modified_next_service_mod_working_age_band as modified_working_age_band,
        'Wait time to first service' as metric,
        people.part2_wait_time as wait_time
    from people
    where people.part2_wait_time is not null

)

select
    waits.la_code,
    waits.period_start as statistical_reporting_period_start,
    waits.period_end as statistical_reporting_period_end,
    waits.modified_working_age_band,
    waits.metric,
    cast(percentile_cont(0.5) within group (order by waits.wait_time) as double)
        as median_waiting_time,
    cast(count(*) as integer) as number_of_waiting_times_identified
from waits
group by
    waits.la_code,
    waits.period_start,
    waits.period_end,
    waits.modified_working_age_band,
    waits.metric
