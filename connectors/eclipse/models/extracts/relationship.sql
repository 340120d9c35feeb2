-- The extract relationship: the seed says which words mean a carer.
select
    relationships.relationship_id,
    relationships.person_id,
    relationships.related_person_id,
    relationships.code as relationship_code,
    case when relationships.meaning = 'carer' then 'Y' else 'N' end as is_unpaid_carer,
    local_relationship.is_main_carer,
    local_relationship.hours_code,
    relationships.start_date,
    relationships.end_date
from {{ ref('relationships') }} as relationships
left join {{ source('landed', 'local_relationship') }} as local_relationship
    on relationships.relationship_id = local_relationship.personrelationshiprecordid
where relationships.meaning in ('carer', 'relation')
order by relationships.relationship_id
