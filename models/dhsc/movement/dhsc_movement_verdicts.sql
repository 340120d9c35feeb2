-- Can the figures of each council's two latest submissions be compared? One row per council with a
-- submission, with a plain verdict and what to do where they cannot.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02
with

states as (

    select * from {{ ref('dhsc_headline_states') }}

),

earlier_states as (

    select * from {{ ref('dhsc_earlier_states') }}

),

compared_files as (

    select * from {{ ref('sub_compared_files') }}

),

judged as (

    select
        states.la_code,
        compared_files.submission_id,
        compared_files.previous_submission_id,
        states.submission_id as selected_submission_id,
        states.period_start,
        states.period_end,
        earlier_states.period_start as previous_period_start,
        earlier_states.period_end as previous_period_end,
        states.settings,
        compared_files.stated_period_end,
        earlier_states.submission_id as previous_selected_submission_id,
        case
            when compared_files.submission_id is null then 'one submission'
            when not coalesce(states.period_end = compared_files.stated_period_end, false)
                then 'other period'
            when not coalesce(states.submission_id = compared_files.submission_id, false)
                then 'latest not taken'
            when
                not coalesce(
                    compared_files.previous_period_end
                    = cast({{ dbt.last_day('compared_files.previous_period_end', 'quarter') }} as date),
                    false
                )
                then 'no earlier period'
            when
                not coalesce(
                    earlier_states.for_submission_id = compared_files.previous_submission_id
                    and earlier_states.settings = states.settings
                    and earlier_states.period_end = compared_files.previous_period_end,
                    false
                )
                then 'not computed'
            when
                not coalesce(
                    earlier_states.submission_id = compared_files.previous_submission_id, false
                )
                then 'earlier not taken'
            else 'compared'
        end as finding
    from states
    left join compared_files
        on states.la_code = compared_files.la_code
    left join earlier_states
        on states.la_code = earlier_states.la_code

)

select
    judged.la_code,
    judged.submission_id,
    judged.previous_submission_id,
    judged.period_start,
    judged.period_end,
    case when judged.finding = 'compared' then judged.previous_period_start end
        as previous_period_start,
    case when judged.finding = 'compared' then judged.previous_period_end end as previous_period_end,
    judged.finding = 'compared' as is_compared,
    case judged.finding
        when 'one submission' then 'Nothing to compare with: the council has one submission'
        when 'other period'
            then 'Not compared: the latest submission states a period to '
            || coalesce(
                {{ day_as_text('judged.stated_period_end', '%-d %b %Y') }}, 'no day that can be read'
            )
            || ', these figures are to ' || {{ day_as_text('judged.period_end', '%-d %b %Y') }}
            || '. Set reporting_period_end to the end of the latest submission'
        when 'latest not taken'
            then 'Not compared: DHSC does not take the latest submission for its period;'
            || ' dhsc_periods says why'
        when 'no earlier period'
            then 'Nothing to compare with: the earlier submission states no period that ends with a'
            || ' quarter'
        when 'not computed'
            then 'Not compared: the figures before the latest submission have not been computed.'
            || ' Run asc-cld movement'
        when 'earlier not taken'
            then 'Nothing to compare with: DHSC does not take the earlier submission for its period;'
            || ' dhsc_periods says why'
        else 'Compared: ' || {{ day_as_text('judged.previous_period_start', '%-d %b %Y') }} || ' to '
            || {{ day_as_text('judged.previous_period_end', '%-d %b %Y') }} || ' with '
            || {{ day_as_text('judged.period_start', '%-d %b %Y') }} || ' to '
            || {{ day_as_text('judged.period_end', '%-d %b %Y') }}
    end as verdict
from judged
