-- The waiting times to first service with the type of service: one row as in waiting_times.
{%- set services = {
    'sts_st_max': dhsc_value('st_max'),
    'lts_nursing': dhsc_value('nursing_care'),
    'sts_ongoing': dhsc_value('ongoing_low_level'),
    'lts_community': dhsc_value('community_support'),
    'lts_residential': dhsc_value('residential_care'),
    'lts_prison': dhsc_value('prison_support'),
    'sts_other': dhsc_value('other_short_term'),
    'invalid_and_not_mapped': dhsc_value('invalid'),
} %}
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
        {%- for column, value in services.items() %}
        cast(count(*) filter (where people.modified_next_service_type = {{ value }}) as integer)
            as {{ column }},
        {%- endfor %}
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
    {%- for column in services %}
    types.{{ column }},
    {%- endfor %}
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
