-- All requests that start a wait, and all assessments and services, of each council, calendar quarter
-- and age band: the background of the waiting times. Requests that take no part are counted too.
with

chronology as (

    select * from {{ ref('waiting_chronology') }}

)

select
    chronology.la_code,
    cast(date_trunc('quarter', chronology.event_start_date) as date) as period_start,
    chronology.modified_working_age_band,
    cast(count(*) filter (where chronology.event_type = {{ dhsc_value('request') }}) as integer)
        as all_request_count,
    cast(count(*) filter (where chronology.event_type = {{ dhsc_value('assessment') }}) as integer)
        as all_assessment_count,
    cast(count(*) filter (where chronology.event_type = {{ dhsc_value('service') }}) as integer)
        as all_service_count
from chronology
group by
    chronology.la_code,
    cast(date_trunc('quarter', chronology.event_start_date) as date),
    chronology.modified_working_age_band
