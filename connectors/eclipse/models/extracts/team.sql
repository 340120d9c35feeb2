-- The extract team: organisations of the class TEAM.
select
    organisationid as team_id,
    description as team_name,
    sectorsubtype as service_area
from {{ source('landed', 'organisationview') }}
where upper(organisationclass) = 'TEAM'
order by organisationid
