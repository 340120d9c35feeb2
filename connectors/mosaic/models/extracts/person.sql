-- The extract person: records merged into another are told by a relationship, others by their groups.
with

people as (

    select * from {{ ref('people') }}

),

live as (

    select
        person_id,
        max(age_estimated) as age_estimated
    from {{ source('landed', 'mo_persons') }}
    group by person_id

),

merged as (

    select
        person_id,
        min(other_person_id) as merged_into_person_id
    from {{ ref('relationships') }}
    where meaning = 'merged_into'
    group by person_id

),

marked as (

    select
        person_id,
        max(case
            when lower(full_group_type) like '%duplicate%'
                or lower(full_group_type) like '%do not use%'
                then 'DUPLICATE'
            when lower(full_group_type) like 'test%' then 'TEST'
        end) as record_status
    from {{ source('landed', 'dm_service_user_groups') }}
    group by person_id

)

select
    people.person_id,
    people.title,
    people.first_name as forename,
    people.last_name as surname,
    people.date_of_birth,
    cast(null as varchar) as birth_day,
    cast(null as varchar) as birth_month,
    cast(null as varchar) as birth_year,
    live.age_estimated as dob_estimated,
    people.date_of_death,
    people.gender as gender_code,
    people.full_ethnicity_code as ethnicity_code,
    people.restricted,
    coalesce(
        marked.record_status,
        case when merged.merged_into_person_id is not null then 'MERGED' end,
        'ACTIVE'
    ) as record_status,
    merged.merged_into_person_id,
    cast(null as varchar) as updated_at
from people
left join live on people.person_id = live.person_id
left join merged on people.person_id = merged.person_id
left join marked on people.person_id = marked.person_id
order by people.person_id
