-- Dates of death registered with ONS, from the optional folder ons_deaths_path; empty without it.
with

death_rows as (

    select * from {{ ref('stg_submissions__death_rows') }}

)

select
    death_rows.nhs_number,
    min(death_rows.date_of_death) as date_of_death
from death_rows
where death_rows.nhs_number is not null
group by death_rows.nhs_number
