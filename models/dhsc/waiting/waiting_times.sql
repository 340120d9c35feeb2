-- DHSC's waiting times: median days from request to first response and to first service. One row per
-- council, calendar quarter of the response or service, age band and metric.
with

waits as (

    select * from {{ ref('waiting_waits') }}

)

select
    waits.la_code,
    waits.statistical_reporting_period_start,
    waits.statistical_reporting_period_end,
    waits.modified_working_age_band,
    waits.metric,
    cast(percentile_cont(0.5) within group (order by waits.wait_time) as double)
        as median_waiting_time,
    cast(count(*) as integer) as number_of_waiting_times_identified
from waits
group by
    waits.la_code,
    waits.statistical_reporting_period_start,
    waits.statistical_reporting_period_end,
    waits.modified_working_age_band,
    waits.metric
