-- The requests behind DHSC's waiting times with what followed each and the days waited. One row per
-- request that starts a wait. The columns keep DHSC's names.
with

pathways as (

    select * from {{ ref('waiting_pathways') }}

),

serviced as (

    select
        pathways.*,
        case when not pathways.ends_without_service then pathways.next_service_order end
            as modified_next_service_order,
        case when not pathways.ends_without_service then pathways.next_service_event_type end
            as modified_next_service_event_type,
        case when not pathways.ends_without_service then pathways.next_service_type end
            as modified_next_service_type,
        case when not pathways.ends_without_service then pathways.next_service_start_date end
            as modified_next_service_start_date,
        case
            when not pathways.ends_without_service
                then pathways.next_service_modified_working_age_band
        end as modified_next_service_mod_working_age_band,
        case
            when not pathways.ends_without_service
                then pathways.next_service_der_unique_record_id
        end as modified_next_service_der_unique_record_id
    from pathways

),

after_earlier as (

    select
        serviced.*,
        coalesce(
            max(serviced.modified_next_assessment_order) over earlier_requests, 0
        ) as max_modified_next_assessment_order_prev,
        coalesce(
            max(serviced.modified_next_service_order) over earlier_requests, 0
        ) as max_modified_next_service_order_prev
    from serviced
    window earlier_requests as (
        partition by serviced.la_code, serviced.der_nhs_la_combined_person_id
        order by serviced.request_event_order
        rows between unbounded preceding and 1 preceding
    )

),

judged as (

    select
        after_earlier.*,
        case
            when
                after_earlier.max_modified_next_assessment_order_prev
                > after_earlier.request_event_order
                or after_earlier.max_modified_next_service_order_prev
                > after_earlier.request_event_order
                then 1
            else 0
        end as request_starts_before_previous_request_follow_up_ends
    from after_earlier

),

-- A request made before the follow-up of the one before has ended takes no part.
dated as (

    select
        judged.*,
        case
            when judged.request_starts_before_previous_request_follow_up_ends = 0
                then cast(date_trunc('quarter', judged.request_start_date) as date)
        end as stat_reporting_period_start_request,
        case
            when judged.request_starts_before_previous_request_follow_up_ends = 0
                then cast(date_trunc('quarter', judged.modified_next_assessment_start_date) as date)
        end as stat_reporting_period_start_part1,
        case
            when judged.request_starts_before_previous_request_follow_up_ends = 0
                then cast(date_trunc('quarter', judged.modified_next_service_start_date) as date)
        end as stat_reporting_period_start_part2
    from judged

)

select
    dated.la_code,
    dated.der_nhs_la_combined_person_id,
    dated.la_person_unique_identifier,
    dated.request_der_unique_record_id,
    dated.request_start_date,
    dated.request_modified_working_age_band,
    cast(dated.request_event_order as bigint) as request_event_order,
    dated.request_indicates_progress,
    dated.request_indicates_progress_to_service,
    dated.request_der_conversation,
    cast(dated.next_assessment_order as bigint) as next_assessment_order,
    dated.next_assessment_event_type,
    dated.next_assessment_type,
    dated.next_assessment_start_date,
    dated.next_assessment_modified_working_age_band,
    dated.next_assessment_indicates_progress_to_service,
    dated.next_assessment_block_indicates_progress_to_service,
    dated.next_assessment_der_unique_record_id,
    cast(dated.next_service_order as bigint) as next_service_order,
    dated.next_service_event_type,
    dated.next_service_type,
    dated.next_service_start_date,
    dated.next_service_modified_working_age_band,
    dated.next_service_der_unique_record_id,
    dated.c1_request_override,
    dated.request_spec,
    dated.temp_next_assessment_indicates_progress_to_service,
    dated.temp_next_assessment_block_indicates_progress_to_service,
    dated.next_assessment_service_override,
    dated.next_assessment_service_date_override,
    cast(dated.modified_next_assessment_order as bigint) as modified_next_assessment_order,
    dated.modified_next_assessment_event_type,
    dated.modified_next_assessment_type,
    dated.modified_next_assessment_start_date,
    dated.modified_next_assessment_mod_working_age_band,
    dated.modified_next_assessment_der_unique_record_id,
    dated.modified_next_assessment_indicates_progress_to_service,
    dated.modified_next_assessment_block_indicates_progress_to_service,
    cast(dated.modified_next_service_order as bigint) as modified_next_service_order,
    dated.modified_next_service_event_type,
    dated.modified_next_service_type,
    dated.modified_next_service_start_date,
    dated.modified_next_service_mod_working_age_band,
    dated.modified_next_service_der_unique_record_id,
    cast(dated.max_modified_next_assessment_order_prev as bigint) as max_modified_next_assessment_order_prev,
    cast(dated.max_modified_next_service_order_prev as bigint) as max_modified_next_service_order_prev,
    dated.request_starts_before_previous_request_follow_up_ends,
    dated.stat_reporting_period_start_request,
    dated.stat_reporting_period_start_part1,
    dated.stat_reporting_period_start_part2,
    cast({{ dbt.last_day('dated.stat_reporting_period_start_request', 'quarter') }} as date)
        as stat_reporting_period_end_request,
    cast({{ dbt.last_day('dated.stat_reporting_period_start_part1', 'quarter') }} as date)
        as stat_reporting_period_end_part1,
    cast({{ dbt.last_day('dated.stat_reporting_period_start_part2', 'quarter') }} as date)
        as stat_reporting_period_end_part2,
    case
        when dated.stat_reporting_period_start_part1 is not null
            then cast({{ dbt.datediff(
                'dated.request_start_date', 'dated.modified_next_assessment_start_date', 'day'
            ) }} as bigint)
    end as part1_wait_time,
    case
        when dated.stat_reporting_period_start_part2 is not null
            then cast({{ dbt.datediff(
                'dated.request_start_date', 'dated.modified_next_service_start_date', 'day'
            ) }} as bigint)
    end as part2_wait_time
from dated
