-- Joins that find two people, histories or carers for one row would repeat it; a lost one would drop it.
with

counts as (
    select
        (select count(*) from {{ ref('cld_rows') }}) as rows_decided,
        (select count(*) from {{ ref('cld_events') }}) as rows_typed,
        (select count(*) from {{ ref('cld_return') }}) as rows_of_file
)

select
    counts.rows_decided,
    counts.rows_typed,
    counts.rows_of_file
from counts
where
    counts.rows_decided <> counts.rows_typed
    or counts.rows_typed <> counts.rows_of_file
