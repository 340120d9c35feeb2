-- The extract person: duplicates are marked by a view, all else that is not public by the stub.
with

duplicates as (

    select
        personid,
        max(duplicated) as duplicated
    from {{ source('landed', 'personview') }}
    where upper(duplicated) = 'DUPLICATE'
    group by personid

)

select
    people.personid as person_id,
    local_person.title,
    people.forename,
    people.surname,
    people.dateofbirth as date_of_birth,
    cast(null as varchar) as birth_day,
    cast(null as varchar) as birth_month,
    cast(null as varchar) as birth_year,
    local_person.dob_estimated,
    people.dieddate as date_of_death,
    people.sex as gender_code,
    people.ethnicitycode as ethnicity_code,
    local_person.restricted,
    case
        when duplicates.personid is not null then 'DUPLICATE'
        else coalesce(local_person.record_status, 'ACTIVE')
    end as record_status,
    local_person.merged_into_person_id,
    cast(null as varchar) as updated_at
from {{ source('landed', 'persondemographicsview') }} as people
left join {{ source('landed', 'local_person') }} as local_person
    on people.personid = local_person.personid
left join duplicates on people.personid = duplicates.personid
order by people.personid
