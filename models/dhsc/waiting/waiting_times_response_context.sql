-- The waiting times to first response with what the response was: one row as in waiting_times.
{%- set events = {
    'response_event_request': dhsc_value('request'),
    'response_event_assessment': dhsc_value('assessment'),
    'response_event_service': dhsc_value('service'),
} %}
{%- set assessments = {
    'at_short': dhsc_value('short_term_assessment'),
    'at_long': dhsc_value('long_term_assessment'),
    'at_invalid_and_not_mapped': dhsc_value('invalid'),
} %}
with

waiting_times as (

    select * from {{ ref('waiting_times') }}
    where metric = 'Wait time to first response'

),

people as (

    select * from {{ ref('waiting_time_people') }}
    where part1_wait_time is not null

),

event_counts as (

    select * from {{ ref('waiting_event_counts') }}

),

types as (

    select
        people.la_code,
        people.stat_reporting_period_start_part1 as period_start,
        people.modified_next_assessment_mod_working_age_band as modified_working_age_band,
        {%- for column, value in events.items() %}
        cast(count(*) filter (where people.modified_next_assessment_event_type = {{ value }}) as integer)
            as {{ column }},
        {%- endfor %}
        {%- for column, value in assessments.items() %}
        cast(count(*) filter (where people.modified_next_assessment_type = {{ value }}) as integer)
            as {{ column }},
        {%- endfor %}
        cast(
            count(*) filter (
                where
                people.modified_next_assessment_event_type = {{ dhsc_value('assessment') }}
                and people.modified_next_assessment_type is null
            ) as integer
        ) as at_null
    from people
    group by
        people.la_code,
        people.stat_reporting_period_start_part1,
        people.modified_next_assessment_mod_working_age_band

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
    {%- for column in events.keys() | list + assessments.keys() | list %}
    types.{{ column }},
    {%- endfor %}
    types.at_null
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
