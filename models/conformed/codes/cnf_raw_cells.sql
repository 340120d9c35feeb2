-- Every filled cell of the extracts that feed the return, as recorded: one row a record and column.
{{ config(materialized='ephemeral') }}
select
    cells.source_table,
    cells.source_record_id,
    cells.source_column,
    cells.raw_value
from {{ ref('stg_extracts__cells') }} as cells
