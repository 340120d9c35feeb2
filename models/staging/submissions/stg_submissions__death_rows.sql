-- Every row of the lists of registered deaths, dates typed.
with

death_rows as (
    select * from {{ source('lists', 'death_rows') }}
)

select
    death_rows.file_name,
    death_rows.line_number,
    replace(death_rows.nhs_number, ' ', '') as nhs_number,
    {{ try_parse_date('death_rows.date_of_death', ['%Y-%m-%d', '%d/%m/%Y']) }} as date_of_death
from death_rows
