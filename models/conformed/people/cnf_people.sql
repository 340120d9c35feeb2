-- The people of the council, one row each after merges, with what does not change over time.
with

people as (
    select * from {{ ref('stg_extracts__person') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

nhs_numbers as (
    select
        numbers.person_id,
        min(numbers.nhs_number) as nhs_number
    from {{ ref('cnf_nhs_numbers') }} as numbers
    where numbers.is_chosen
    group by numbers.person_id
),

code_mappings as (
    select * from {{ ref('cnf_map_codes') }}
),

dummy_values as (
    select * from {{ ref('dummy_values') }}
),

births as (
    select
        people.person_id,
        coalesce(recorded_dummies.dummy_value is not null, false) as is_placeholder_birth_date,
        case when recorded_dummies.dummy_value is null then people.date_of_birth end
            as recorded_birth_date,
        -- The centre sees only month and year, so a missing day loses nothing as the first.
        {{ date_from_parts(
            'people.birth_year', 'people.birth_month', 'coalesce(people.birth_day, 1)'
        ) }} as split_birth_date,
        people.birth_day is null as is_day_missing
    from people
    left join dummy_values as recorded_dummies
        on
            recorded_dummies.kind = 'birth_date'
            and recorded_dummies.dummy_value = cast(people.date_of_birth as varchar)
)

select
    people.person_id,
    people.source_row,
    people.forename as first_name,
    people.surname as last_name,
    nhs_numbers.nhs_number,
    coalesce(births.recorded_birth_date, split_births.split_birth_date) as date_of_birth,
    case
        when births.recorded_birth_date is not null then 'date_of_birth'
        when split_births.split_birth_date is not null and births.is_day_missing
            then 'month_and_year'
        when split_births.split_birth_date is not null then 'split_columns'
    end as birth_date_basis,
    births.is_placeholder_birth_date,
    coalesce(people.dob_estimated, false) as is_birth_date_estimated,
    people.date_of_death,
    people.gender_code,
    genders.cld_value as gender,
    genders.mapping_id as gender_mapping_id,
    people.ethnicity_code,
    ethnicities.cld_value as ethnicity,
    ethnicities.mapping_id as ethnicity_mapping_id,
    -- A mark that nobody can read counts as set. It is the council's own: no model leaves a record out for it.
    coalesce(people.restricted, not {{ was_readable('people', ['restricted']) }}) as is_restricted,
    people.unreadable_columns
from people
inner join person_records
    on people.person_id = person_records.survivor_person_id
        and people.person_id = person_records.person_id
inner join births
    on people.person_id = births.person_id
left join births as split_births
    on people.person_id = split_births.person_id
        and cast(split_births.split_birth_date as varchar) not in (
            select dummy_values.dummy_value from dummy_values
            where dummy_values.kind = 'birth_date'
        )
left join nhs_numbers
    on people.person_id = nhs_numbers.person_id
left join code_mappings as genders
    on
        genders.code_list = 'gender'
        and people.gender_code = genders.local_code
        and {{ in_force('genders', date_setting('reporting_period_end')) }}
left join code_mappings as ethnicities
    on
        ethnicities.code_list = 'ethnicity'
        and people.ethnicity_code = ethnicities.local_code
        and {{ in_force('ethnicities', date_setting('reporting_period_end')) }}
