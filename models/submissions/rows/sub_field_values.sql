-- How often each value stands in each field with a defined list, by submission.
select
    cells.submission_id,
    cells.field_name,
    cells.field_value,
    count(*) as row_count
from {{ cells(ref('sub_rows'), ['submission_id'], cld_fields('defined list')) }} as cells
where cells.field_value is not null
group by cells.submission_id, cells.field_name, cells.field_value
