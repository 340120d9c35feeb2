-- How much text was not sent because it seems to identify somebody: one row a source, column and kind.
select
    screened.source_table,
    screened.source_column as column_name,
    screened.seems_to_hold,
    count(*) as cut_count,
    min(screened.source_record_id) as example_record_id
from {{ ref('cld_screened_texts') }} as screened
group by screened.source_table, screened.source_column, screened.seems_to_hold
