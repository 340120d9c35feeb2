-- Rows of the file for the 12 months that no measure can use, with the measures they would have taken
-- part in by their own client, event and service type. One row per measure and row.
with

dropped_rows as (

    select * from {{ ref('dhsc_dropped_rows') }}

),

cleaned_rows as (

    select * from {{ ref('dhsc_cleaned_rows') }}

),

service_types as (

    select * from {{ ref('dhsc_service_types') }}

),

single_events as (

    select * from {{ ref('dhsc_events_single') }}

),

unusable_rows as (

    select
        cleaned_rows.la_code,
        cleaned_rows.row_id,
        cleaned_rows.der_nhs_la_combined_person_id,
        cleaned_rows.la_person_unique_identifier,
        cleaned_rows.client_type_cleaned,
        cleaned_rows.event_type_key,
        cleaned_rows.service_type_cleaned,
        coalesce(service_types.is_long_term, false) as is_long_term,
        coalesce(service_types.is_care_home, false) as is_care_home,
        -- An open service of somebody who died ends with the death.
        case
            when
                dropped_rows.reason = 'ends_before_period'
                and cleaned_rows.date_of_death is not null
                and (
                    cleaned_rows.event_end_date is null
                    or cleaned_rows.event_end_date > cleaned_rows.date_of_death
                )
                then 'died_before_period'
            else dropped_rows.reason
        end as cause
    from dropped_rows
    inner join cleaned_rows
        on dropped_rows.row_id = cleaned_rows.row_id
    left join service_types
        on cleaned_rows.service_type_cleaned = service_types.service_type
    where
        dropped_rows.events_table = 'single'
        and dropped_rows.kept_row_id is null
        -- A carer known by association has no event to lose.
        and not (
            dropped_rows.reason = 'no_event_type'
            and coalesce(cleaned_rows.client_type_cleaned, '')
            = {{ dhsc_value('carer_known_by_association') }}
        )
    union all
    select
        single_events.la_code,
        single_events.kept_row_id as row_id,
        single_events.der_nhs_la_combined_person_id,
        single_events.la_person_unique_identifier,
        single_events.client_type_cleaned,
        lower(single_events.event_type) as event_type_key,
        single_events.service_type_cleaned,
        coalesce(service_types.is_long_term, false) as is_long_term,
        coalesce(service_types.is_care_home, false) as is_care_home,
        'end_before_start' as cause
    from single_events
    left join service_types
        on single_events.service_type_cleaned = service_types.service_type
    where single_events.der_event_end_date < single_events.event_start_date

),

-- Which measures a row would have taken part in, from its own client, event and service type.
lost_rows as (

    select
        '2A' as measure,
        unusable_rows.*
    from unusable_rows
    where
        unusable_rows.client_type_cleaned = {{ dhsc_value('service_user') }}
        and unusable_rows.service_type_cleaned = {{ dhsc_value('st_max') }}
    union all
    select
        '2B and 2C' as measure,
        unusable_rows.*
    from unusable_rows
    where
        unusable_rows.client_type_cleaned = {{ dhsc_value('service_user') }}
        and unusable_rows.is_care_home
    union all
    select
        '2E' as measure,
        unusable_rows.*
    from unusable_rows
    where
        unusable_rows.client_type_cleaned = {{ dhsc_value('service_user') }}
        and unusable_rows.is_long_term
    union all
    select
        '3D clients' as measure,
        unusable_rows.*
    from unusable_rows
    where
        unusable_rows.client_type_cleaned = {{ dhsc_value('service_user') }}
        and unusable_rows.is_long_term
    union all
    select
        '3D carers' as measure,
        unusable_rows.*
    from unusable_rows
    where unusable_rows.client_type_cleaned like {{ dhsc_value('any_unpaid_carer') }}
    union all
    select
        'Waiting times' as measure,
        unusable_rows.*
    from unusable_rows
    where
        unusable_rows.cause != 'end_before_start'
        and unusable_rows.event_type_key in (
            {{ dhsc_value(['request', 'assessment', 'service'], 'key') }}
        )
        and unusable_rows.client_type_cleaned = {{ dhsc_value('service_user') }}
)

select
    lost_rows.measure,
    lost_rows.la_code,
    lost_rows.row_id,
    lost_rows.der_nhs_la_combined_person_id,
    lost_rows.la_person_unique_identifier,
    lost_rows.cause
from lost_rows
