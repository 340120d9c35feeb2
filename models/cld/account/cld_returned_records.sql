-- Every source record that is behind some row of the return, one row each.
select distinct
    row_sources.source_table,
    row_sources.source_record_id
from {{ ref('cld_row_sources') }} as row_sources
