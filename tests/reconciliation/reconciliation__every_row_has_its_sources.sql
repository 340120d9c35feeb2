-- Each row of the return stands on the record it names and on a person record.
with

rows_of_return as (
    select * from {{ ref('cld_events') }}
),

row_sources as (
    select * from {{ ref('cld_row_sources') }}
)

select rows_of_return.cld_row_id
from rows_of_return
left join row_sources as own_records
    on
        rows_of_return.cld_row_id = own_records.cld_row_id
        and rows_of_return.source_table = own_records.source_table
        and rows_of_return.source_record_id = own_records.source_record_id
left join row_sources as person_records
    on
        rows_of_return.cld_row_id = person_records.cld_row_id
        and person_records.source_table = 'person'
        and rows_of_return.la_person_unique_identifier = person_records.source_record_id
where
    own_records.cld_row_id is null
    or person_records.cld_row_id is null
