-- What changed between the two latest submissions of each council: one row per event that was added,
-- removed, ended, reopened, changed or had its start reset. Events that stayed as they were are left out.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02
{%- set day_before = day_as_text('named.stated_period_start - 1', '%-d %b %Y') %}
with

events as (

    select * from {{ ref('sub_compared_events') }}

),

named as (

    select
        events.*,
        case
            when events.old_row_id is null and events.start_before_reset is not null then 'start_reset'
            when events.old_row_id is null then 'added'
            when events.new_row_id is null then 'removed'
            when events.has_other_start then 'start_reset'
            when events.old_end_date is null and events.new_end_date is not null then 'ended'
            when events.old_end_date is not null and events.new_end_date is null then 'reopened'
            when events.has_other_end or events.other_fields_changed is not null then 'changed'
        end as change,
        -- Without an end only a service counts; without an event type nothing does.
        events.event_type is not null
        and (
            events.is_service
            or coalesce(events.new_end_date, events.old_end_date) is not null
        ) as can_count
    from events

)

select
    named.council_code as la_code,
    named.submission_id,
    named.previous_submission_id,
    named.change,
    named.event_type,
    named.client_type,
    named.service_type,
    named.la_person_unique_identifier,
    named.nhs_number,
    named.event_reference,
    named.new_row_id as row_id,
    named.old_row_id as previous_row_id,
    named.new_start_date as event_start_date,
    coalesce(
        named.old_start_date,
        case when named.change = 'start_reset' then named.start_before_reset end
    ) as previous_event_start_date,
    named.new_end_date as event_end_date,
    named.old_end_date as previous_event_end_date,
    case
        when named.change in ('added', 'removed') then null
        when named.old_row_id is null then 'event_start_date'
        else nullif(
                concat_ws(
                    ', ',
                    case when named.has_other_start then 'event_start_date' end,
                    case when named.has_other_end then 'event_end_date' end,
                    named.other_fields_changed
                ),
                ''
            )
    end as fields_changed,
    case
        when not named.can_count then null
        when named.change = 'removed' and not named.was_due then 'left the period'
        when named.change = 'added' and not named.was_due then 'entered the period'
    end as period_effect,
    case
        when named.event_type is null and named.change in ('added', 'removed')
            then 'row without an event'
        when named.change in ('added', 'removed') and not named.can_count
            then 'no end date: the centre does not count it'
        when named.change in ('added', 'removed') and named.has_twin
            then 'one of several rows of the same event: the other file holds it too'
        when named.change = 'start_reset' and named.old_row_id is null
            then '1 April reset: the service before it ended on 31 March and begins anew'
        when
            named.change = 'start_reset'
            and named.is_service
            and extract(month from named.new_start_date) = 4
            and extract(day from named.new_start_date) = 1
            then '1 April reset: the start was moved to the beginning of a financial year'
        when named.change = 'start_reset' then 'the start moved: DHSC takes it for another event'
        when named.change = 'removed' and not named.was_due
            then 'not due in the period of the latest submission'
        when named.change = 'removed' and not named.is_service
            then 'still due in the period of the latest submission'
        when named.change = 'removed' and named.old_start_date >= named.stated_period_start
            then 'service vanished: DHSC will no longer count it'
        when named.change = 'removed' and named.old_end_date is null
            then 'open service vanished: DHSC will end it on '
            || {{ day_before }}
        when named.change = 'removed'
            then 'service vanished: DHSC will end it on '
            || {{ day_before }}
        when named.change = 'added' and named.was_due
            then 'was due in the period of the earlier submission: late'
    end as remark,
    named.paired_by
from named
where named.change is not null
