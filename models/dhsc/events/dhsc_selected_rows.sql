-- Which cleaned rows fall in the period they were selected for, with the end date DHSC derives, and
-- for the others the first reason why they do not count.
with

selection as (

    select * from {{ ref('dhsc_selection') }}

),

cleaned_rows as (

    select * from {{ ref('dhsc_cleaned_rows') }}

),

ended as (

    select
        selection.events_table,
        selection.ref_period_start,
        selection.ref_period_end,
        cleaned_rows.row_id,
        cleaned_rows.submission_id,
        cleaned_rows.is_service,
        cleaned_rows.der_nhs_la_combined_person_id,
        cleaned_rows.event_start_date,
        cleaned_rows.date_of_death,
        -- Death on the day an open service starts leaves it open: DHSC tests for a later day.
        case
            when
                cleaned_rows.date_of_death
                between cleaned_rows.event_start_date and cleaned_rows.event_end_date
                or (
                    cleaned_rows.event_end_date is null
                    and cleaned_rows.date_of_death > cleaned_rows.event_start_date
                )
                then cleaned_rows.date_of_death
            else cleaned_rows.event_end_date
        end as event_end_date
    from cleaned_rows
    inner join selection
        on cleaned_rows.submission_id = selection.submission_id

)

select
    ended.events_table,
    ended.ref_period_start,
    ended.ref_period_end,
    ended.row_id,
    ended.submission_id,
    ended.event_end_date as der_event_end_date,
    case
        when ended.der_nhs_la_combined_person_id is null then 'no_person_id'
        when ended.is_service is null then 'no_event_type'
        when ended.event_start_date is null then 'no_start_date'
        when ended.event_start_date > ended.ref_period_end then 'starts_after_period'
        when not ended.is_service and ended.event_end_date is null then 'no_end_date'
        when ended.event_end_date < ended.ref_period_start then 'ends_before_period'
        when not ended.is_service and ended.event_end_date > ended.ref_period_end
            then 'ends_after_period'
        when ended.date_of_death < ended.ref_period_start then 'died_before_period'
        when ended.date_of_death < ended.event_start_date then 'died_before_event'
    end as dropped_reason
from ended
