-- Where the latest accommodation of a person is Unknown, what their latest service says about it.
-- Services at any date count, not only those in the reporting period.
with person_latest as (

    select * from {{ ref('dhsc_person_latest') }}

),

events as (

    select * from {{ ref('dhsc_events_joined') }}

),

service_types as (

    select * from {{ ref('dhsc_service_types') }}

),

repairs as (

    select * from {{ ref('dhsc_accommodation_repair') }}

),

community_components as (

    select repairs.service_component
    from repairs
    where repairs.service_type = 'Long term support: Community'
        and repairs.service_component is not null

),

services as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        events.service_type_cleaned as service_type,
        community_components.service_component,
        rank() over (
            partition by events.la_code, events.der_nhs_la_combined_person_id
            order by
                coalesce(events.der_event_end_date, cast('9999-01-01' as date)) desc,
                coalesce(service_types.client_rank, 99),
                case when community_components.service_component is null then 1 else 0 end,
                events.event_start_date desc
        ) as latest_first
    from events
    inner join person_latest
        on
            events.la_code = person_latest.la_code
            and events.der_nhs_la_combined_person_id = person_latest.der_nhs_la_combined_person_id
    left join service_types
        on events.service_type_cleaned = service_types.service_type
    left join community_components
        on events.service_component_cleaned = community_components.service_component
    where
        lower(events.event_type) like '%service%'
        and person_latest.accommodation_status = 'Unknown'

),

latest_services as (

    select
        services.la_code,
        services.der_nhs_la_combined_person_id,
        min(services.service_type) as service_type,
        coalesce(min(services.service_component), '') as service_component
    from services
    where services.latest_first = 1
    group by services.la_code, services.der_nhs_la_combined_person_id
    having
        min(coalesce(services.service_type, '')) = max(coalesce(services.service_type, ''))
        and min(coalesce(services.service_component, ''))
        = max(coalesce(services.service_component, ''))

)

select
    latest_services.la_code,
    latest_services.der_nhs_la_combined_person_id,
    repairs.accommodation_status
from latest_services
inner join repairs
    on
        latest_services.service_type = repairs.service_type
        and (
            repairs.service_component = '*'
            or coalesce(repairs.service_component, '') = latest_services.service_component
        )
