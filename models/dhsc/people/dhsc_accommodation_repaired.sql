-- Where the latest accommodation of a person is Unknown, what their latest service says about it.
-- Services at any date count, not only those in the reporting period.
with

person_latest as (

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

telling_components as (

    select repairs.service_component
    from repairs
    where repairs.service_component not in ('*', 'none')

),

services as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        case when service_types.client_rank is not null then service_types.service_type end
            as ranked_type,
        telling_components.service_component,
        rank() over (
            partition by events.la_code, events.der_nhs_la_combined_person_id
            order by
                coalesce(events.der_event_end_date, cast('9999-01-01' as date)) desc,
                coalesce(service_types.client_rank, 99),
                case when telling_components.service_component is null then 1 else 0 end,
                events.event_start_date desc
        ) as latest_first
    from events
    inner join person_latest
        on
            events.la_code = person_latest.la_code
            and events.der_nhs_la_combined_person_id = person_latest.der_nhs_la_combined_person_id
    left join service_types
        on events.service_type_cleaned = service_types.service_type
    left join telling_components
        on events.service_component_cleaned = telling_components.service_component
    where
        lower({{ end_trimmed('events.event_type') }}) = {{ dhsc_value('service', 'key') }}
        and person_latest.accommodation_status = {{ dhsc_value('unknown_accommodation_status') }}

),

-- Types without a rank and components that say nothing do not count; where those that do count
-- disagree, DHSC knows no type, or no component.
latest_services as (

    select
        services.la_code,
        services.der_nhs_la_combined_person_id,
        case
            when min(services.ranked_type) = max(services.ranked_type)
                then min(services.ranked_type)
        end as service_type,
        case
            when min(services.service_component) = max(services.service_component)
                then min(services.service_component)
        end as service_component
    from services
    where services.latest_first = 1
    group by services.la_code, services.der_nhs_la_combined_person_id

),

matched as (

    select
        latest_services.la_code,
        latest_services.der_nhs_la_combined_person_id,
        repairs.accommodation_status,
        row_number() over (
            partition by
                latest_services.la_code, latest_services.der_nhs_la_combined_person_id
            order by repairs.priority
        ) as first_match
    from latest_services
    inner join repairs
        on
            (
                repairs.service_type = '*'
                or latest_services.service_type = repairs.service_type
            )
            and (
                repairs.service_component = '*'
                or coalesce(latest_services.service_component, 'none') = repairs.service_component
            )

)

select
    matched.la_code,
    matched.der_nhs_la_combined_person_id,
    matched.accommodation_status
from matched
where matched.first_match = 1
