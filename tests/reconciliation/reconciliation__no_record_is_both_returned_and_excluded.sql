-- One record lost and another counted twice would leave the difference at zero: this would not.
with

returned as (
    select * from {{ ref('cld_returned_records') }}
)

select
    exclusions.source_table,
    exclusions.source_record_id
from {{ ref('cld_exclusions') }} as exclusions
inner join returned
    on
        exclusions.source_table = returned.source_table
        and exclusions.source_record_id = returned.source_record_id
