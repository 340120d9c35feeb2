-- Each field of a submission has as many kept rows as DHSC's table of the 12 months has rows of it.
with

kept_counts as (
    select
        field_results.submission_id,
        field_results.field,
        sum(field_results.row_count_kept_by_dhsc) as kept_count
    from {{ ref('dq_field_results') }} as field_results
    group by field_results.submission_id, field_results.field
),

table_counts as (
    select
        kept_events.submission_id,
        count(*) as kept_count
    from {{ ref('dhsc_events_single') }} as kept_events
    group by kept_events.submission_id
)

select
    kept_counts.submission_id,
    kept_counts.field,
    kept_counts.kept_count,
    table_counts.kept_count as expected_count
from kept_counts
left join table_counts on kept_counts.submission_id = table_counts.submission_id
where kept_counts.kept_count <> coalesce(table_counts.kept_count, 0)
