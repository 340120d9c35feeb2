-- Each wait with the calendar quarter in which it ended: to the first response, and to the first service.
with

people as (

    select * from {{ ref('waiting_time_people') }}

)

select
    people.la_code,
    people.stat_reporting_period_start_part1 as statistical_reporting_period_start,
    people.stat_reporting_period_end_part1 as statistical_reporting_period_end,
    people.modified_next_assessment_mod_working_age_band as modified_working_age_band,
    'Wait time to first response' as metric,
    people.part1_wait_time as wait_time
from people
where people.part1_wait_time is not null
union all
select
    people.la_code,
    people.stat_reporting_period_start_part2 as statistical_reporting_period_start,
    people.stat_reporting_period_end_part2 as statistical_reporting_period_end,
    people.modified_next_service_mod_working_age_band as modified_working_age_band,
    'Wait time to first service' as metric,
    people.part2_wait_time as wait_time
from people
where people.part2_wait_time is not null
