-- The rows DHSC keeps in its table of the 12 months. DHSC counts field results over these, so this model
-- and dq_field_results come after the dhsc layer. Nothing else here does: no rule and no gate waits.
with

kept_events as (
    select * from {{ ref('dhsc_events_single') }}
),

submitted_rows as (
    select * from {{ ref('sub_rows') }}
)

select
    submitted_rows.submission_id,
    submitted_rows.row_number
from submitted_rows
inner join kept_events on submitted_rows.row_id = kept_events.kept_row_id
