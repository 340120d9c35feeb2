-- Stretches of the reporting period in which no event of a kind begins, though so many do on other days that chance
-- does not leave such a gap: the mark of an extract that was cut off, filtered by a wrong day or put together without
-- one of its parts.
{{ config(materialized='view') }}
{% set beyond_holidays, left_to_chance = 14, 0.000001 %}
with

rows_read as (
    select * from {{ ref('dq_rows') }}
),

code_lists as (
    select * from {{ ref('spec_code_lists') }}
    where release = '{{ setting("cld_release") }}'
),

-- A return that is made before its period is over has no events of the days to come.
dated_rows as (
    select
        rows_read.submission_id,
        rows_read.event_type,
        rows_read.client_type,
        rows_read.event_start_day,
        rows_read.reporting_period_start_day as first_day,
        least(
            rows_read.reporting_period_end_day,
            coalesce(rows_read.submission_day, rows_read.reporting_period_end_day)
        ) as last_day
    from rows_read
),

-- Days, not events: what is recorded in bulk on one day does not make the other days busier.
days_with_events as (
    select distinct
        dated_rows.submission_id,
        dated_rows.event_type,
        dated_rows.client_type,
        dated_rows.first_day,
        dated_rows.last_day,
        dated_rows.event_start_day as event_day
    from dated_rows
    inner join code_lists as event_types
        on event_types.field = 'Event Type' and dated_rows.event_type = event_types.value
    inner join code_lists as client_types
        on client_types.field = 'Client Type' and dated_rows.client_type = client_types.value
    where dated_rows.event_start_day between dated_rows.first_day and dated_rows.last_day
),

-- Each day with an event begins what comes after it; so does the day before the period.
boundaries as (
    select
        days_with_events.*,
        1 as with_events
    from days_with_events
    union all
    select distinct
        days_with_events.submission_id,
        days_with_events.event_type,
        days_with_events.client_type,
        days_with_events.first_day,
        days_with_events.last_day,
        {{ add_days('days_with_events.first_day', -1) }} as event_day,
        0 as with_events
    from days_with_events
),

stretches as (
    select
        boundaries.submission_id,
        boundaries.event_type,
        boundaries.client_type,
        {{ add_days('boundaries.event_day', 1) }} as begins_on,
        coalesce(
            {{ add_days('lead(boundaries.event_day) over in_order', -1) }}, boundaries.last_day
        ) as ends_on,
        sum(boundaries.with_events) over of_a_kind as busy_days,
        {{ dbt.datediff('boundaries.first_day', 'boundaries.last_day', 'day') }} + 1 as all_days
    from boundaries
    window
        of_a_kind as (
            partition by
                boundaries.submission_id,
                boundaries.event_type,
                boundaries.client_type,
                boundaries.first_day,
                boundaries.last_day
        ),
        in_order as (
            partition by
                boundaries.submission_id,
                boundaries.event_type,
                boundaries.client_type,
                boundaries.first_day,
                boundaries.last_day
            order by boundaries.event_day
        )
),

measured_stretches as (
    select
        *,
        {{ dbt.datediff('stretches.begins_on', 'stretches.ends_on', 'day') }} + 1 as quiet_days
    from stretches
)

select
    measured_stretches.submission_id,
    measured_stretches.event_type,
    measured_stretches.client_type,
    measured_stretches.begins_on,
    measured_stretches.ends_on,
    measured_stretches.quiet_days
from measured_stretches
where
    measured_stretches.quiet_days > {{ beyond_holidays }}
    -- How likely such a gap is after any of the busy days, were these spread by chance over the whole period: a
    -- campaign of a month does not make the other eleven a gap.
    and measured_stretches.busy_days * power(
        1 - cast(measured_stretches.busy_days as double) / measured_stretches.all_days,
        measured_stretches.quiet_days
    ) < {{ left_to_chance }}
