-- Text that is not sent because it seems to identify somebody: one row a record, with what it seems to hold.
with

screened as (
    select
        descriptions.source_table,
        descriptions.source_record_id,
        'description' as source_column,
        descriptions.seems_to_hold
    from {{ ref('cnf_descriptions') }} as descriptions
    where descriptions.seems_to_hold is not null
    union all
    select
        'provider' as source_table,
        providers.provider_id as source_record_id,
        'cqc_location_name' as source_column,
        providers.seems_to_hold
    from {{ ref('cnf_providers') }} as providers
    where providers.seems_to_hold is not null
),

returned as (
    select * from {{ ref('cld_returned_records') }}
)

select
    screened.source_table,
    screened.source_record_id,
    screened.source_column,
    screened.seems_to_hold,
    returned.source_record_id is not null as is_returned,
    teams.team_id
from screened
left join returned
    on
        screened.source_table = returned.source_table
        and screened.source_record_id = returned.source_record_id
left join {{ ref('cnf_record_teams') }} as teams
    on
        screened.source_table = teams.source_table
        and screened.source_record_id = teams.source_record_id
