-- One row is one relationship in one direction, in the words of the seed.
with

mart as (

    select
        personal_relationship_id,
        person_id,
        other_person_id,
        personal_rel_type_id,
        start_date,
        end_date
    from {{ source('landed', 'dm_personal_relationships') }}

),

live as (

    select
        person_relationship_id as personal_relationship_id,
        person_id,
        person_related_to_id as other_person_id,
        relationship_type_id as personal_rel_type_id,
        start_date,
        end_date
    from {{ source('landed', 'mo_person_relationships') }}
    where not exists (select 1 from mart)

),

both_kinds as (

    select * from mart
    union all
    select * from live

)

select
    both_kinds.personal_relationship_id,
    both_kinds.person_id,
    both_kinds.other_person_id,
    both_kinds.personal_rel_type_id,
    both_kinds.start_date,
    both_kinds.end_date,
    lower(relationship_types.meaning) as meaning,
    coalesce(relationship_types.code, both_kinds.personal_rel_type_id) as code
from both_kinds
left join {{ ref('relationship_types') }} as relationship_types
    on both_kinds.personal_rel_type_id = cast(relationship_types.personal_rel_type_id as varchar)
