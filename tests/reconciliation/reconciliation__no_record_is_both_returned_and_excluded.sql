-- One record lost and another counted twice would leave the difference at zero: this would not.
select
    exclusions.source_table,
    exclusions.source_record_id
from {{ ref('cld_exclusions') }} as exclusions
where exists (
    select 1
    from {{ ref('cld_row_sources') }} as row_sources
    where
        exclusions.source_table = row_sources.source_table
        and exclusions.source_record_id = row_sources.source_record_id
)
