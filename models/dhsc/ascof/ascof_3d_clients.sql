-- People in long term support on the last day of the period with the support that stands for them in
-- ASCOF 3D 1a and 2a: one row per council, person, type, component and mechanism of the best rank.
with

events as (

    select * from {{ ref('ascof_events') }}

),

support_ranks as (

    select * from {{ ref('dhsc_support_ranks') }}

),

person_details as (

    select * from {{ ref('dhsc_person_details') }}

),

age_bands as (

    select * from {{ ref('dhsc_age_bands') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

-- A service that ends on the last day still counts.
services as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        events.service_type,
        events.service_component,
        case
            when events.service_component = {{ dhsc_value('direct_payment_component') }}
                then {{ dhsc_value('direct_payment') }}
            else events.delivery_mechanism
        end as delivery_mechanism
    from events
    where
        events.client_type = {{ dhsc_value('service_user') }}
        and events.is_long_term
        and events.event_start_date <= {{ date_setting('reporting_period_end') }}
        and events.event_end_date >= {{ date_setting('reporting_period_end') }}

),

-- A mechanism the type has no rank for counts as none: a prison direct payment is blank.
ranked as (

    select
        services.la_code,
        services.der_nhs_la_combined_person_id,
        services.service_type,
        services.service_component,
        named_ranks.delivery_mechanism,
        rank() over (
            partition by services.la_code, services.der_nhs_la_combined_person_id
            order by coalesce(named_ranks.support_rank, blank_ranks.support_rank)
        ) as best_first
    from services
    left join support_ranks as named_ranks
        on
            services.service_type = named_ranks.service_type
            and services.delivery_mechanism = named_ranks.delivery_mechanism
    inner join support_ranks as blank_ranks
        on
            services.service_type = blank_ranks.service_type
            and blank_ranks.delivery_mechanism is null

)

select distinct
    ranked.la_code,
    councils.la_name,
    ranked.der_nhs_la_combined_person_id,
    person_details.la_person_unique_identifier_latest as la_person_unique_identifier,
    coalesce(age_bands.working_age_band, {{ dhsc_value('unknown_working_age_band') }})
        as der_age_band_reporting_end,
    ranked.service_type,
    ranked.service_component,
    ranked.delivery_mechanism
from ranked
inner join councils
    on ranked.la_code = councils.la_code
inner join person_details
    on
        ranked.la_code = person_details.la_code
        and ranked.der_nhs_la_combined_person_id = person_details.der_nhs_la_combined_person_id
left join age_bands
    on person_details.der_age_end_of_period between age_bands.from_age and age_bands.to_age
where
    ranked.best_first = 1
    and (
        person_details.date_of_death is null
        or person_details.date_of_death >= {{ date_setting('reporting_period_end') }}
    )
    and coalesce(age_bands.working_age_band, {{ dhsc_value('unknown_working_age_band') }})
    != {{ dhsc_value('under_18') }}
