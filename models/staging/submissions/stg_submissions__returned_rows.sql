-- Every row of the record-level lists that DHSC returned.
with

returned_rows as (
    select * from {{ source('lists', 'returned_rows') }}
)

select
    returned_rows.file_name,
    returned_rows.line_number,
    returned_rows.la_code,
    returned_rows.reporting_period,
    returned_rows.description,
    returned_rows.sequel_type,
    returned_rows.la_person_unique_identifier,
    returned_rows.measure,
    returned_rows.group,
    returned_rows.numerator,
    returned_rows.denominator
from returned_rows
