-- Rows of the selected submissions that DHSC will not count, with the reason, or the row of the same
-- event that is kept instead.
with

period_events as (

    select * from {{ ref('dhsc_selected_rows') }}

),

unique_events as (

    select * from {{ ref('dhsc_unique_events') }}

),

dropped_by_filter as (

    select
        period_events.events_table,
        period_events.submission_id,
        period_events.row_id,
        period_events.dropped_reason as reason,
        cast(null as string) as kept_row_id
    from period_events
    where period_events.dropped_reason is not null

),

dropped_as_duplicates as (

    select
        unique_events.events_table,
        unique_events.submission_id,
        unique_events.row_id,
        case
            when unique_events.submission_id != kept_events.submission_id then 'in_later_submission'
            else 'duplicate'
        end as reason,
        unique_events.kept_row_id
    from unique_events
    inner join unique_events as kept_events
        on
            unique_events.events_table = kept_events.events_table
            and unique_events.kept_row_id = kept_events.row_id
    where unique_events.row_id != unique_events.kept_row_id

)

select
    dropped_by_filter.events_table,
    dropped_by_filter.submission_id,
    dropped_by_filter.row_id,
    dropped_by_filter.reason,
    dropped_by_filter.kept_row_id
from dropped_by_filter
union all
select
    dropped_as_duplicates.events_table,
    dropped_as_duplicates.submission_id,
    dropped_as_duplicates.row_id,
    dropped_as_duplicates.reason,
    dropped_as_duplicates.kept_row_id
from dropped_as_duplicates
