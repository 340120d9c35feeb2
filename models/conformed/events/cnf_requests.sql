-- Contacts as CLD requests: one row for each contact, with the reason where it is not in the return.
with

contacts as (
    select * from {{ ref('stg_extracts__contact') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

dated as (
    select
        contacts.*,
        cast(contacts.received_at as date) as event_start_date,
        cast(contacts.completed_at as date) as event_end_date,
        coalesce(
            cast(contacts.completed_at as date),
            {{ date_setting('reporting_period_end') }}
        ) as event_day
    from contacts
),

scoped as (
    select
        dated.contact_id,
        scope.mapping_id as scope_mapping_id,
        case
            when scope.mapping_id is null then 'UNMAPPED_CONTACT_TYPE'
            when not scope.is_in_scope then coalesce(scope.exclusion_code, 'OUT_OF_SCOPE_OTHER')
        end as scope_exclusion
    from dated
    left join {{ ref('cnf_map_event_scope') }} as scope
        on
            scope.code_list = 'contact_type'
            and dated.contact_type_code = scope.local_code
            and {{ in_force('scope', 'dated.event_day') }}
)

select
    'contact' as source_table,
    dated.contact_id as source_record_id,
    dated.contact_id as event_reference,
    person_records.survivor_person_id as person_id,
    client_types.cld_value as client_type,
    client_types.mapping_id as client_type_mapping_id,
    scoped.scope_mapping_id,
    dated.event_start_date,
    dated.event_end_date,
    dated.event_day,
    outcomes.event_outcome,
    outcomes.mapping_id as event_outcome_mapping_id,
    -- REQ-01: only where no route is recorded; an unmapped one stays empty and is reported.
    case
        when
            dated.route_code is null
            and client_types.cld_value = {{ cld_value('unpaid_carer') }}
            then {{ cld_value('community_route') }}
        else routes.cld_value
    end as request_route_of_access,
    routes.mapping_id as route_mapping_id,
    coalesce(dated.is_conversation, false) as is_conversation,
    dated.team_id,
    {{ event_exclusion(
        'dated', ['received_at', 'completed_at'], 'dated.event_start_date',
        'dated.event_end_date', 'scoped.scope_exclusion'
    ) }} as exclusion_code
from dated
left join person_records
    on dated.person_id = person_records.person_id
left join scoped
    on dated.contact_id = scoped.contact_id
left join {{ ref('cnf_event_outcomes') }} as outcomes
    on
        outcomes.source_table = 'contact'
        and dated.contact_id = outcomes.source_record_id
{{ join_mapping('client_types', 'subject_role', 'dated.subject_role', 'dated.event_day') }}
{{ join_mapping('routes', 'contact_route', 'dated.route_code', 'dated.event_day') }}
