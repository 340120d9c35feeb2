-- The extract team: organisations that a workflow step or a package names as responsible.
with

responsible as (

    select distinct responsible_team_id
    from {{ source('landed', 'dm_workflow_steps') }}
    where responsible_team_id is not null
    union
    select team_id as responsible_team_id
    from {{ source('landed', 'service_package') }}
    where team_id is not null

)

select
    organisations.id as team_id,
    organisations.name as team_name,
    organisations.department as service_area
from {{ source('landed', 'organisations') }} as organisations
inner join responsible on organisations.id = responsible.responsible_team_id
order by organisations.id
