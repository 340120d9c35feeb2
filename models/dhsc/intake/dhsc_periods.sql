-- Will DHSC see the period a file states? One row per submission and method, with a plain verdict.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02
with

derived_periods as (

    select * from {{ ref('dhsc_event_spans') }}

),

files as (

    select * from {{ ref('sub_files') }}

),

faulty_files as (

    select * from {{ ref('dhsc_faulty_files') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

by_method as (

    select
        derived_periods.submission_id,
        'jun2026' as method_version,
        derived_periods.jun2026_period_start as derived_period_start,
        derived_periods.jun2026_period_end as derived_period_end,
        false as is_missing_event_type,
        false as has_gaps
    from derived_periods
    union all
    select
        derived_periods.submission_id,
        'sep2026' as method_version,
        derived_periods.sep2026_period_start as derived_period_start,
        derived_periods.sep2026_period_end as derived_period_end,
        derived_periods.is_missing_event_type,
        derived_periods.has_gaps
    from derived_periods

),

judged as (

    select
        by_method.submission_id,
        by_method.method_version,
        files.la_code,
        files.file_name,
        files.origin,
        files.imported_at,
        files.stated_period_start,
        files.stated_period_end,
        by_method.derived_period_start,
        by_method.derived_period_end,
        by_method.is_missing_event_type,
        by_method.has_gaps,
        faulty_files.file_name is not null as is_named_faulty,
        councils.la_code is not null as is_of_a_council,
        coalesce(
            by_method.derived_period_start <= files.stated_period_start
            and by_method.derived_period_end >= files.stated_period_end,
            false
        ) as covers_stated_period
    from by_method
    inner join files
        on by_method.submission_id = files.submission_id
    left join faulty_files
        on
            files.la_code = faulty_files.la_code
            and files.file_name = faulty_files.file_name
    left join councils
        on files.la_code = councils.la_code

),

usable as (

    select
        judged.*,
        judged.covers_stated_period
        and not judged.is_named_faulty
        and judged.is_of_a_council
        and judged.imported_at > judged.stated_period_end
        and judged.imported_at <= {{ date_setting('submissions_as_of') }} as is_usable
    from judged

),

-- The whole quarters within the derived period, for which the joined table can use a file all the same.
with_quarters as (

    select
        usable.*,
        cast(
            {{ dbt.dateadd(
                'month', 3, "date_trunc('quarter', usable.derived_period_start - 1)"
            ) }} as date
        ) as first_quarter_start,
        cast(date_trunc('quarter', usable.derived_period_end + 1) as date) - 1
            as last_quarter_end
    from usable

),

ranked as (

    select
        with_quarters.*,
        row_number() over (
            partition by
                with_quarters.method_version,
                with_quarters.la_code,
                with_quarters.stated_period_end
            order by
                case when with_quarters.is_usable then 0 else 1 end,
                {{ sent_order('with_quarters', latest_first=true) }}
        ) as latest_first,
        -- Of files that tie for the latest the key has chosen one.
        rank() over (
            partition by
                with_quarters.method_version,
                with_quarters.la_code,
                with_quarters.stated_period_end
            order by
                case when with_quarters.is_usable then 0 else 1 end,
                with_quarters.imported_at desc,
                with_quarters.origin
        ) = 1
        and count(*) over (
            partition by
                with_quarters.method_version,
                with_quarters.la_code,
                with_quarters.stated_period_end,
                with_quarters.is_usable,
                with_quarters.imported_at,
                with_quarters.origin
        ) > 1 as is_one_of_a_day
    from with_quarters

)

select
    ranked.submission_id,
    ranked.la_code,
    ranked.method_version,
    ranked.imported_at,
    ranked.stated_period_start,
    ranked.stated_period_end,
    ranked.derived_period_start,
    ranked.derived_period_end,
    cast(
        round(
            {{ dbt.datediff('ranked.derived_period_start', 'ranked.derived_period_end', 'day') }}
            / 30.436875
        ) as integer
    ) as derived_months,
    ranked.is_missing_event_type,
    ranked.has_gaps,
    ranked.covers_stated_period,
    ranked.is_usable and ranked.latest_first = 1 as will_be_taken,
    case
        when not ranked.is_of_a_council
            then 'Cannot say: its LA Code is of no council of the list (rule FIL-02)'
        when ranked.stated_period_start is null or ranked.stated_period_end is null
            then 'Cannot say: the file states no period that can be read'
        when ranked.is_named_faulty then 'DHSC will not take this file: it is named as faulty'
        when ranked.imported_at <= ranked.stated_period_end
            then 'DHSC will not take this file: it was sent before its period had ended'
        when ranked.is_missing_event_type
            then 'DHSC will not take this file: it needs ended requests, assessments and services'
        when ranked.derived_period_start is null
            then 'DHSC will not take this file: its events show no period'
        when not ranked.covers_stated_period
            then 'DHSC will not take this file for '
            || {{ day_as_text('ranked.stated_period_start', '%-d %b %Y') }} || ' to '
            || {{ day_as_text('ranked.stated_period_end', '%-d %b %Y') }} || ': its events show only '
            || {{ day_as_text('ranked.derived_period_start', '%-d %b %Y') }} || ' to '
            || {{ day_as_text('ranked.derived_period_end', '%-d %b %Y') }}
            || case
                when ranked.first_quarter_start < ranked.last_quarter_end
                    then '. The joined table may still use it for '
                    || {{ day_as_text('ranked.first_quarter_start', '%-d %b %Y') }} || ' to '
                    || {{ day_as_text('ranked.last_quarter_end', '%-d %b %Y') }}
                else ''
            end
        when ranked.imported_at > {{ date_setting('submissions_as_of') }}
            then 'DHSC will not take this file: it was sent after the day of selection'
        when ranked.latest_first > 1 and ranked.is_one_of_a_day
            then 'Cannot say whether DHSC will take this file: another one of this council for the same period has the'
            || ' same day, and that one counts here; leave in the folder the later one, or say the days in'
            || ' submissions.csv'
        when ranked.latest_first > 1
            then 'DHSC will take a later file of this council for the same period instead'
        else 'DHSC will take this file for '
            || {{ day_as_text('ranked.stated_period_start', '%-d %b %Y') }} || ' to '
            || {{ day_as_text('ranked.stated_period_end', '%-d %b %Y') }}
            || case
                when ranked.is_one_of_a_day
                    then ', or another one of this council of the same day; this one counts here, and which is the'
                    || ' later submissions.csv says, or leave only that in the folder'
                else ''
            end
    end as verdict
from ranked
