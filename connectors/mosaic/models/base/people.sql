-- One row is one person: from the data mart, or from the live tables where no mart was landed.
with

mart as (

    select
        person_id,
        title,
        first_name,
        last_name,
        date_of_birth,
        date_of_death,
        gender,
        full_ethnicity_code,
        restricted,
        nhs_id,
        person_id_legacy
    from {{ source('landed', 'dm_persons') }}

),

display_names as (

    select
        person_id,
        max(title) as title,
        max(first_names) as first_name,
        max(last_name) as last_name
    from {{ source('landed', 'mo_person_names') }}
    where upper(name_type_id) = 'DISPLAY'
    group by person_id

),

live as (

    select
        mo_persons.person_id,
        display_names.title,
        display_names.first_name,
        display_names.last_name,
        mo_persons.date_of_birth,
        mo_persons.date_of_death,
        mo_persons.gender,
        -- The live code lacks the prefix of two characters that the mart's has: another code in the mapping.
        mo_persons.sub_ethnicity as full_ethnicity_code,
        mo_persons.restricted,
        mo_persons.nhs_id,
        mo_persons.person_id_legacy
    from {{ source('landed', 'mo_persons') }} as mo_persons
    left join display_names on mo_persons.person_id = display_names.person_id
    where not exists (select 1 from mart)

)

select * from mart
union all
select * from live
