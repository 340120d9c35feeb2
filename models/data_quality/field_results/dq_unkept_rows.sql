-- The rows DHSC leaves out of its table of the 12 months: few, and so quick to take off all counts. A
-- submission of which it keeps nothing stands here once, without a row number. DHSC counts field
-- results over what it keeps, so this model and dq_field_results come after the dhsc layer. Nothing
-- else here does: no rule and no gate waits.
with

kept_events as (
    select * from {{ ref('dhsc_events_single') }}
),

submitted_rows as (
    select * from {{ ref('sub_rows') }}
),

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

kept_submissions as (
    select distinct kept_events.submission_id
    from kept_events
)

select
    submitted_rows.submission_id,
    submitted_rows.row_number
from submitted_rows
inner join kept_submissions on submitted_rows.submission_id = kept_submissions.submission_id
left join kept_events on submitted_rows.row_id = kept_events.kept_row_id
where kept_events.kept_row_id is null
union all
select
    submissions.submission_id,
    cast(null as integer) as row_number
from submissions
left join kept_submissions on submissions.submission_id = kept_submissions.submission_id
where kept_submissions.submission_id is null
