-- The extract relationship: Mosaic writes each relationship in both directions, so the seed says which type is
-- the carer's and which only its reciprocal.
select
    relationships.personal_relationship_id as relationship_id,
    relationships.person_id,
    relationships.other_person_id as related_person_id,
    relationships.code as relationship_code,
    case when relationships.meaning = 'carer' then 'Y' else 'N' end as is_unpaid_carer,
    local_relationship.is_main_carer,
    local_relationship.hours_code,
    relationships.start_date,
    relationships.end_date
from {{ ref('relationships') }} as relationships
left join {{ source('landed', 'local_relationship') }} as local_relationship
    on relationships.personal_relationship_id = local_relationship.personal_relationship_id
where relationships.meaning in ('carer', 'relation')
order by relationships.personal_relationship_id
