-- The submissions DHSC uses for each council: one for the 12 months (single), and for the joined
-- table one for each quarter, each with the span of the quarters it won.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02
with

periods as (

    select * from {{ ref('dhsc_event_spans') }}

),

files as (

    select * from {{ ref('sub_files') }}

),

faulty_files as (

    select * from {{ ref('dhsc_faulty_files') }}

),

reference_periods as (

    select * from {{ ref('dhsc_selection_windows') }}

),

candidates as (

    select
        periods.submission_id,
        periods.la_code,
        periods.imported_at,
        files.stated_period_end,
        files.origin,
        {%- if setting('submission_selection') == 'stated' %}
        periods.stated_period_start as period_start,
        periods.stated_period_end as period_end
        {%- else %}
        periods.{{ setting('method_version') }}_period_start as period_start,
        periods.{{ setting('method_version') }}_period_end as period_end
        {%- endif %}
    from periods
    inner join files
        on periods.submission_id = files.submission_id
    left join faulty_files
        on
            files.la_code = faulty_files.la_code
            and files.file_name = faulty_files.file_name
    where
        faulty_files.file_name is null
        and periods.imported_at <= {{ date_setting('submissions_as_of') }}
        {%- if setting('without_latest_submission') %}
        and periods.submission_id not in (select submission_id from {{ ref('sub_compared_files') }})
        {%- endif %}

),

ranked as (

    select
        candidates.submission_id,
        candidates.la_code,
        reference_periods.events_table,
        reference_periods.period_start,
        reference_periods.period_end,
        row_number() over (
            partition by
                candidates.la_code,
                reference_periods.events_table,
                reference_periods.period_start
            order by {{ sent_order('candidates', latest_first=true) }}
        ) as latest_first
    from candidates
    cross join reference_periods
    {%- if setting('submission_selection') != 'all' %}
    where
        candidates.period_start <= reference_periods.period_start
        and candidates.period_end >= reference_periods.period_end
        and candidates.imported_at > reference_periods.period_end
    {%- endif %}

)

-- DHSC gives a file that wins quarters apart from each other one span across the gap.
select
    ranked.events_table,
    ranked.la_code,
    ranked.submission_id,
    min(ranked.period_start) as ref_period_start,
    max(ranked.period_end) as ref_period_end,
    count(*) as periods_won
from ranked
where ranked.latest_first = 1
group by ranked.events_table, ranked.la_code, ranked.submission_id
