-- Dates of death registered with ONS, from the optional folder ons_deaths_path; empty without it.
with deaths as (

    select * from {{ source('lists', 'death_lists') }}

)

select
    replace(trim(deaths.nhs_number), ' ', '') as nhs_number,
    min({{ try_parse_date('deaths.date_of_death', ['%Y-%m-%d', '%d/%m/%Y']) }}) as date_of_death
from deaths
where deaths.nhs_number is not null
group by replace(trim(deaths.nhs_number), ' ', '')
