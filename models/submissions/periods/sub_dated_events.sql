-- Every row of every submission as the derived period sees it: kind of event, and the month it ended in.
-- Two readings: 'dhsc' takes every date that can be read; 'rule' takes dates as the specification
-- wants them, as rule FIL-07 is read.
with

submitted_rows as (
    select * from {{ ref('sub_rows') }}
),

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

dated_rows as (
    select
        submitted_rows.submission_id,
        'dhsc' as reading,
        submitted_rows.event_type,
        submitted_rows.event_end_date_date as end_date
    from submitted_rows
    union all
    select
        submitted_rows.submission_id,
        'rule' as reading,
        submitted_rows.event_type,
        case
            when submitted_rows.event_end_date like '__/__/____'
                then submitted_rows.event_end_date_date
        end as end_date
    from submitted_rows
)

select
    dated_rows.submission_id,
    dated_rows.reading,
    submissions.la_code,
    -- DHSC's database makes no difference between capitals.
    lower({{ end_trimmed('dated_rows.event_type') }}) as event_type,
    case
        when lower(dated_rows.event_type) like {{ cld_value('request', 'starts') }}
            then {{ cld_value('request', 'key') }}
        when lower(dated_rows.event_type) like {{ cld_value('assessment', 'starts') }}
            then {{ cld_value('assessment', 'key') }}
        when lower(dated_rows.event_type) like {{ cld_value('service', 'starts') }}
            then {{ cld_value('service', 'key') }}
    end as event_kind,
    dated_rows.end_date is null as is_open,
    case
        when dated_rows.end_date < cast(date_trunc('month', submissions.imported_at) as date)
            then cast(date_trunc('month', dated_rows.end_date) as date)
    end as month_ended
from dated_rows
inner join submissions on dated_rows.submission_id = submissions.submission_id
