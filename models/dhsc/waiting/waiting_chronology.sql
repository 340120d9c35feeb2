-- Each person's requests that start a wait, and their assessments and services, in DHSC's order, with
-- the order of the next assessment and the next service. One row per event.
with

events as (

    select * from {{ ref('waiting_events') }}
    where is_old_enough

),

requests as (

    select * from {{ ref('waiting_requests') }}

),

ordered as (

    select
        events.*,
        row_number() over (
            partition by events.la_code, events.der_nhs_la_combined_person_id
            order by
                events.event_start_date,
                events.type_order,
                events.imported_at desc,
                events.der_unique_record_id desc
        ) as event_order
    from events
    left join requests
        on
            events.la_code = requests.la_code
            and events.der_unique_record_id = requests.der_unique_record_id
    where
        events.event_type != {{ dhsc_value('request') }}
        or requests.der_unique_record_id is not null

),

-- Assessments that follow each other with nothing between are one block.
numbered as (

    select
        ordered.*,
        sum(case when ordered.event_type = {{ dhsc_value('assessment') }} then 0 else 1 end) over (
            partition by ordered.la_code, ordered.der_nhs_la_combined_person_id
            order by ordered.event_order
            rows between unbounded preceding and current row
        ) as block_number,
        min(
            case
                when ordered.event_type = {{ dhsc_value('assessment') }} then ordered.event_order
            end
        ) over (
            partition by ordered.la_code, ordered.der_nhs_la_combined_person_id
            order by ordered.event_order
            rows between 1 following and unbounded following
        ) as next_assessment_order,
        min(
            case when ordered.event_type = {{ dhsc_value('service') }} then ordered.event_order end
        ) over (
            partition by ordered.la_code, ordered.der_nhs_la_combined_person_id
            order by ordered.event_order
            rows between 1 following and unbounded following
        ) as next_service_order
    from ordered

)

select
    numbered.*,
    case
        when numbered.event_type = {{ dhsc_value('assessment') }}
            then max(numbered.indicates_progress_to_service) over (
                    partition by
                        numbered.la_code,
                        numbered.der_nhs_la_combined_person_id,
                        numbered.block_number,
                        numbered.event_type
                )
    end as block_indicates_progress_to_service
from numbered
