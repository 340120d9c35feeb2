-- One row is one relationship, in the words of the seed.
select
    relationships.personrelationshiprecordid as relationship_id,
    relationships.roleapersonid as person_id,
    relationships.rolebpersonid as related_person_id,
    relationships.relationship,
    relationships.start_date,
    relationships.close_date as end_date,
    lower(types.meaning) as meaning,
    coalesce(types.code, relationships.relationship) as code
from {{ source('landed', 'relationshippersonview') }} as relationships
left join {{ ref('relationship_types') }} as types
    on relationships.relationship = types.relationship
