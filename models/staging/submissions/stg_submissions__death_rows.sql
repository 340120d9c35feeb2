-- Every row of the lists of registered deaths, typed. A number or day that cannot be read stops the run: as a
-- blank it would say that somebody lives.
with

death_rows as (
    select * from {{ source('lists', 'death_rows') }}
),

typed as (
    select
        death_rows.file_name,
        death_rows.line_number,
        {{ clean_text('death_rows.nhs_number') }} as recorded_number,
        {{ parse_nhs_number('death_rows.nhs_number') }} as nhs_number,
        {{ clean_text('death_rows.date_of_death') }} as recorded_day,
        {{ parse_date('death_rows.date_of_death') }} as date_of_death
    from death_rows
)

select
    typed.file_name,
    typed.line_number,
    case
        when typed.nhs_number is null and typed.recorded_number is not null
            then {{ stop_with(
                "typed.file_name || ', line ' || typed.line_number"
                ~ " || ', column nhs_number: this is no NHS number.'"
            ) }}
        else typed.nhs_number
    end as nhs_number,
    case
        when typed.date_of_death is null and typed.recorded_day is not null
            then {{ stop_with(
                "typed.file_name || ', line ' || typed.line_number || ', column date_of_death:"
                ~ " this cannot be read as one day only; write dd/mm/yyyy or yyyy-mm-dd.'"
            ) }}
        else typed.date_of_death
    end as date_of_death
from typed
