-- DHSC's waiting times by council, by region and of all councils given. A median cannot be added: of an area
-- it is taken anew from the waits of its people. For those who may see all councils.
with

waiting_times as (

    select * from {{ ref('waiting_times') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

-- Each area with the councils in it, and how many of them have a file.
areas as (

    select
        'region' as area_type,
        councils.region as area_code,
        councils.region as area_name,
        councils.la_code,
        count(*) over (partition by councils.region) as councils_given
    from councils
    union all
    select
        'all given' as area_type,
        'all given' as area_code,
        'All councils given' as area_name,
        councils.la_code,
        count(*) over () as councils_given
    from councils

),

waits as (

    select * from {{ ref('waiting_waits') }}

),

of_areas as (

    select
        areas.area_type,
        areas.area_code,
        areas.area_name,
        waits.statistical_reporting_period_start,
        waits.statistical_reporting_period_end,
        waits.modified_working_age_band,
        waits.metric,
        percentile_cont(0.5) within group (order by waits.wait_time) as median_waiting_time,
        count(*) as number_of_waiting_times_identified,
        count(distinct waits.la_code) as councils_with_waits,
        max(areas.councils_given) as councils_given
    from areas
    inner join waits on areas.la_code = waits.la_code
    group by
        areas.area_type,
        areas.area_code,
        areas.area_name,
        waits.statistical_reporting_period_start,
        waits.statistical_reporting_period_end,
        waits.modified_working_age_band,
        waits.metric

)

select
    'council' as area_type,
    waiting_times.la_code as area_code,
    councils.la_name as area_name,
    waiting_times.statistical_reporting_period_start,
    waiting_times.statistical_reporting_period_end,
    waiting_times.modified_working_age_band,
    waiting_times.metric,
    waiting_times.median_waiting_time,
    cast(waiting_times.number_of_waiting_times_identified as bigint)
        as number_of_waiting_times_identified,
    cast(1 as bigint) as councils_with_waits,
    cast(1 as bigint) as councils_given
from waiting_times
inner join councils on waiting_times.la_code = councils.la_code
union all
select
    of_areas.area_type,
    of_areas.area_code,
    of_areas.area_name,
    of_areas.statistical_reporting_period_start,
    of_areas.statistical_reporting_period_end,
    of_areas.modified_working_age_band,
    of_areas.metric,
    cast(of_areas.median_waiting_time as double) as median_waiting_time,
    cast(of_areas.number_of_waiting_times_identified as bigint)
        as number_of_waiting_times_identified,
    cast(of_areas.councils_with_waits as bigint) as councils_with_waits,
    cast(of_areas.councils_given as bigint) as councils_given
from of_areas
