-- LST rules and FIL-13: a value is not in the defined list of its field. In a file of Release 1 the values
-- that have another spelling now have one cause: FIL-14 names them, once.
with

earlier_values as (
    select * from {{ ref('dq_earlier_values') }}
    where is_of_whole_file and value_now is not null
),

unlisted_values as (
    select
        unlisted_values.submission_id,
        unlisted_values.field_name,
        unlisted_values.field_value,
        unlisted_values.rule_id,
        unlisted_values.field_validity,
        unlisted_values.suggestion
    from {{ ref('dq_unlisted_values') }} as unlisted_values
    left join earlier_values
        on
            unlisted_values.submission_id = earlier_values.submission_id
            and unlisted_values.field_name = earlier_values.field_name
            and unlisted_values.field_value = earlier_values.field_value
    where earlier_values.submission_id is null
),

rows_with_unlisted_values as (
    select
        cells.submission_id,
        cells.row_number,
        unlisted_values.rule_id,
        unlisted_values.field_name,
        unlisted_values.field_value as found_value,
        unlisted_values.field_validity,
        unlisted_values.suggestion
    from {{ cells(ref('sub_rows'), ['submission_id', 'row_number'], cld_fields('defined list')) }} as cells
    inner join unlisted_values
        on
            cells.submission_id = unlisted_values.submission_id
            and cells.field_name = unlisted_values.field_name
            and cells.field_value = unlisted_values.field_value
)

select
    rows_with_unlisted_values.submission_id,
    rows_with_unlisted_values.row_number,
    rows_with_unlisted_values.rule_id,
    rows_with_unlisted_values.field_name,
    rows_with_unlisted_values.found_value,
    rows_with_unlisted_values.suggestion
from rows_with_unlisted_values
-- A value that is accepted beside the list is a warning of the list's own rule only.
union all
select
    rows_with_unlisted_values.submission_id,
    rows_with_unlisted_values.row_number,
    'FIL-13' as rule_id,
    rows_with_unlisted_values.field_name,
    rows_with_unlisted_values.found_value,
    rows_with_unlisted_values.suggestion
from rows_with_unlisted_values
where rows_with_unlisted_values.field_validity like 'Failed%'
