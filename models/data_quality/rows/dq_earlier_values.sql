-- The values of Release 1 in each file, with the value of the release in force; and whether the file is
-- one of Release 1 altogether, so that all of them have one cause.
with

fields as (
    select * from {{ ref('spec_fields') }}
),

earlier_values as (
    select * from {{ ref('dq_unlisted_values') }}
    where is_earlier
),

earlier_counts as (
    select
        earlier_values.submission_id,
        sum(earlier_values.row_count) as cell_count
    from earlier_values
    -- A value that is accepted today tells nothing.
    where earlier_values.field_validity = 'Failed: Release 1'
    group by earlier_values.submission_id
),

-- Values of the lists in force that Release 1 did not have.
later_counts as (
    select
        field_values.submission_id,
        sum(field_values.row_count) as cell_count
    from {{ ref('sub_field_values') }} as field_values
    inner join fields on field_values.field_name = fields.snake_name
    inner join {{ ref('dq_listed_values') }} as listed_values
        on
            fields.header = listed_values.field
            and field_values.field_value = listed_values.listed_value
            and listed_values.is_listed
    left join {{ ref('spec_code_lists') }} as earlier_lists
        on
            fields.header = earlier_lists.field
            and field_values.field_value = earlier_lists.value
            and earlier_lists.release = 'R1'
    where
        earlier_lists.value is null
        -- A field without a list in Release 1 tells nothing.
        and fields.header in (
            select listed_before.field
            from {{ ref('spec_code_lists') }} as listed_before
            where listed_before.release = 'R1'
        )
    group by field_values.submission_id
)

select
    earlier_values.submission_id,
    earlier_values.field_name,
    earlier_values.field_value,
    earlier_values.row_count,
    earlier_values.value_now,
    coalesce(earlier_counts.cell_count, 0)
    > coalesce(later_counts.cell_count, 0) as is_of_whole_file
from earlier_values
left join earlier_counts on earlier_values.submission_id = earlier_counts.submission_id
left join later_counts on earlier_values.submission_id = later_counts.submission_id
