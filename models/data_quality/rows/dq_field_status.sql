-- What each field is on each profile of row, in DHSC's words: mandatory, applicable, or not.
with

conditions as (
    select * from {{ ref('spec_field_conditions') }}
),

fields as (
    select * from {{ ref('spec_fields') }}
),

met_conditions as (
    select
        profile_conditions.row_profile,
        profile_conditions.field_name,
        max(
            case profile_conditions.field_status when 'Not applicable' then 2 else 1 end
        ) as status_rank
    from {{ ref('dq_profile_conditions') }} as profile_conditions
    group by profile_conditions.row_profile, profile_conditions.field_name
),

row_profiles as (
    select distinct
        rows_read.row_profile,
        split_part(rows_read.row_profile, '|', 1) as client_type,
        split_part(rows_read.row_profile, '|', 2) as event_type
    from {{ ref('dq_rows') }} as rows_read
),

-- A field depends on a type when any of its conditions names one.
dependencies as (
    select
        conditions.field_name,
        count(conditions.client_types) > 0 as depends_on_client_type,
        count(conditions.event_types) > 0 as depends_on_event_type
    from conditions
    group by conditions.field_name
)

select
    row_profiles.row_profile,
    fields.snake_name as field_name,
    case
        when
            row_profiles.client_type like '(%'
            and coalesce(dependencies.depends_on_client_type, false)
            then 'Undetermined'
        -- Carers known by association have no event: a blank Event Type leaves nothing open, and any
        -- other leaves only what does not apply to them whatever it is.
        when
            row_profiles.event_type like '(%'
            and coalesce(dependencies.depends_on_event_type, false)
            and not (
                row_profiles.client_type = {{ cld_value('carer_known_by_association') }}
                and (row_profiles.event_type = '(blank)' or met_conditions.status_rank = 2)
            )
            then 'Undetermined'
        when met_conditions.status_rank = 2 then 'Not applicable'
        when met_conditions.status_rank = 1 then 'Mandatory'
        else 'Applicable but not mandatory'
    end as field_status
from row_profiles
cross join fields
left join met_conditions
    on
        row_profiles.row_profile = met_conditions.row_profile
        and fields.snake_name = met_conditions.field_name
left join dependencies on fields.snake_name = dependencies.field_name
