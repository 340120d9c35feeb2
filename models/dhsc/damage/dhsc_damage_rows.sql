-- Rows and people that a measure loses, or counts as unknown, with the cause. One row per measure,
-- cause and row (or person where no single row is to blame); one select a cause, or a few of one kind.
with

lost_rows as (

    select * from {{ ref('dhsc_lost_rows') }}

),

joined_events as (

    select * from {{ ref('dhsc_events_joined') }}

),

events as (

    select * from {{ ref('ascof_events') }}

),

people_2e as (

    select * from {{ ref('ascof_2e_people') }}

),

clients_3d as (

    select * from {{ ref('ascof_3d_clients') }}

),

carers_3d as (

    select * from {{ ref('ascof_3d_carers') }}

),

episodes_2a as (

    select * from {{ ref('ascof_2a_episodes') }}

),

outcomes as (

    select * from {{ ref('dhsc_event_outcomes') }}

),

measures_2e as (

    select '2E' as measure
    union all
    select '2E LD' as measure

)

select
    lost_rows.la_code,
    lost_rows.measure,
    lost_rows.cause,
    'lost' as effect,
    lost_rows.row_id,
    lost_rows.der_nhs_la_combined_person_id,
    lost_rows.la_person_unique_identifier
from lost_rows
union all
select
    people_2e.la_code,
    measures_2e.measure,
    'unknown_accommodation' as cause,
    -- Presumed at home counts as settled, and people of unknown age are in no denominator: DHSC counts
    -- both as unknown beside the measure.
    case
        when people_2e.accommodation_status_group = 1 or not people_2e.has_known_age then 'unknown'
        else 'counted against'
    end as effect,
    cast(null as string) as row_id,
    people_2e.der_nhs_la_combined_person_id,
    people_2e.la_person_unique_identifier
from people_2e
inner join measures_2e
    on measures_2e.measure = '2E' or people_2e.is_learning_disability
where people_2e.is_accommodation_unknown
union all
select
    people_2e.la_code,
    '2E' as measure,
    'unknown_age' as cause,
    'lost' as effect,
    cast(null as string) as row_id,
    people_2e.der_nhs_la_combined_person_id,
    people_2e.la_person_unique_identifier
from people_2e
where not people_2e.has_known_age
union all
select distinct
    clients_3d.la_code,
    '3D clients' as measure,
    'unknown_delivery_mechanism' as cause,
    'counted against' as effect,
    events.kept_row_id as row_id,
    clients_3d.der_nhs_la_combined_person_id,
    clients_3d.la_person_unique_identifier
from clients_3d
inner join events
    on
        clients_3d.la_code = events.la_code
        and clients_3d.der_nhs_la_combined_person_id = events.der_nhs_la_combined_person_id
where
    clients_3d.service_type = {{ dhsc_value('community_support') }}
    and clients_3d.delivery_mechanism is null
    -- The best support has no mechanism, so no community service of the person has one.
    and events.client_type = {{ dhsc_value('service_user') }}
    and events.is_service
    and events.service_type = {{ dhsc_value('community_support') }}
    and events.event_start_date <= {{ date_setting('reporting_period_end') }}
    and events.event_end_date >= {{ date_setting('reporting_period_end') }}
union all
select
    carers_3d.la_code,
    '3D carers' as measure,
    'unknown_delivery_mechanism' as cause,
    'lost' as effect,
    events.kept_row_id as row_id,
    carers_3d.der_nhs_la_combined_person_id,
    carers_3d.la_person_unique_identifier
from carers_3d
inner join events
    on
        carers_3d.la_code = events.la_code
        and carers_3d.der_nhs_la_combined_person_id = events.der_nhs_la_combined_person_id
where
    carers_3d.support_rank = 4
    and events.client_type like {{ dhsc_value('any_unpaid_carer') }}
    and events.service_type = {{ dhsc_value('direct_carer_support') }}
    and events.service_component is not null
    and events.event_start_date <= {{ date_setting('reporting_period_end') }}
    and events.event_end_date >= {{ date_setting('reporting_period_start') }}
union all
select
    events.la_code,
    '3D carers' as measure,
    'missing_service_component' as cause,
    'lost' as effect,
    events.kept_row_id as row_id,
    events.der_nhs_la_combined_person_id,
    events.la_person_unique_identifier
from events
where
    events.client_type like {{ dhsc_value('any_unpaid_carer') }}
    and events.service_type = {{ dhsc_value('direct_carer_support') }}
    and events.service_component is null
    and coalesce(events.delivery_mechanism, '') != {{ dhsc_value('direct_payment') }}
    and events.event_start_date <= {{ date_setting('reporting_period_end') }}
    and events.event_end_date >= {{ date_setting('reporting_period_start') }}
union all
select
    events.la_code,
    '2B and 2C' as measure,
    case
        when events.service_component is null then 'missing_service_component'
        when events.der_birth_date is null then 'unknown_birth_date'
        else 'component_of_another_kind'
    end as cause,
    'lost' as effect,
    events.kept_row_id as row_id,
    events.der_nhs_la_combined_person_id,
    events.la_person_unique_identifier
from events
where
    events.client_type = {{ dhsc_value('service_user') }}
    and events.is_service
    and events.is_care_home
    and (
        events.service_component is null
        or events.der_birth_date is null
        or lower(events.service_component) like '%short%'
        or not (
            lower(events.service_component) like '%residential%'
            or lower(events.service_component) like '%nursing%'
        )
    )
    and coalesce(events.event_outcome, '') != {{ dhsc_value('self_funded') }}
    and (
        events.date_of_death is null
        or events.date_of_death >= {{ date_setting('reporting_period_start') }}
    )
    and events.event_start_date between
    {{ date_setting('reporting_period_start') }} and {{ date_setting('reporting_period_end') }}
union all
select
    episodes_2a.la_code,
    '2A' as measure,
    case
        when outcomes.is_unable_to_classify then 'unable_to_classify'
        else 'missing_or_invalid_outcome'
    end as cause,
    'lost' as effect,
    cast(null as string) as row_id,
    episodes_2a.der_nhs_la_combined_person_id,
    episodes_2a.la_person_unique_identifier
from episodes_2a
inner join outcomes
    on episodes_2a.final_outcome = outcomes.event_outcome
-- Real outcomes that fall to type 6 count as DHSC means them to: nothing is lost.
where outcomes.is_unable_to_classify or outcomes.event_outcome = {{ dhsc_value('invalid') }}
union all
select
    joined_events.la_code,
    'Waiting times' as measure,
    'missing_outcome' as cause,
    'lost' as effect,
    joined_events.kept_row_id as row_id,
    joined_events.der_nhs_la_combined_person_id,
    joined_events.la_person_unique_identifier
from joined_events
where
    lower(joined_events.event_type) like {{ dhsc_value('request', 'holds') }}
    and joined_events.client_type_cleaned = {{ dhsc_value('service_user') }}
    and joined_events.event_outcome_cleaned is null
    and joined_events.der_age_event_start_date >= {{ dhsc_number('dhsc_waiting_from_age') }}
