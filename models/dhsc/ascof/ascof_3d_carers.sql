-- Unpaid carers with support, assessment, review or advice in the period and the best support of each
-- for ASCOF 3D 1b and 2b: one row per council and person.
with

events as (

    select * from {{ ref('ascof_events') }}

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

carer_events as (

    select
        events.*,
        coalesce(
            events.service_type = {{ dhsc_value('direct_carer_support') }}, false
        ) as is_direct_support,
        coalesce(
            events.event_outcome = {{ dhsc_value('information_and_advice') }}, false
        ) as is_advice
    from events
    where
        events.client_type in ({{ dhsc_value(['unpaid_carer', 'carer_known_by_association']) }})
        and events.event_start_date <= {{ date_setting('reporting_period_end') }}
        and events.event_end_date >= {{ date_setting('reporting_period_start') }}
        and (
            (
                events.service_type is null
                and events.event_outcome = {{ dhsc_value('information_and_advice') }}
            )
            or events.service_group = {{ dhsc_value('carer_support_group') }}
            or (events.service_type is null and events.is_assessment_or_review)
        )

),

-- The first line that fits decides. A direct service without a component fits none of ranks 2 to 4 in
-- DHSC's code (NOT LIKE on nothing), and a service without a type fits none at all: both vanish.
-- Reproduced because the published figure depends on it.
supports as (

    select
        carer_events.la_code,
        carer_events.der_nhs_la_combined_person_id,
        carer_events.kept_row_id,
        case
            when
                carer_events.is_direct_support
                and (
                    carer_events.delivery_mechanism = {{ dhsc_value('direct_payment') }}
                    or carer_events.service_component = {{ dhsc_value('direct_payment_component') }}
                )
                then 1
            when carer_events.is_direct_support and carer_events.service_component is not null
                then case carer_events.delivery_mechanism
                        when {{ dhsc_value('managed_personal_budget') }} then 2
                        when {{ dhsc_value('commissioned_support') }} then 3
                        else 4
                    end
            when
                carer_events.service_type
                = {{ dhsc_value('indirect_carer_support') }}
                then 6
            when carer_events.is_assessment_or_review and not carer_events.is_advice then 6
            when carer_events.is_assessment_or_review or carer_events.is_request then 5
        end as support_rank
    from carer_events

),

best_supports as (

    select
        supports.la_code,
        supports.der_nhs_la_combined_person_id,
        min(supports.support_rank) as support_rank
    from supports
    where supports.support_rank is not null
    group by supports.la_code, supports.der_nhs_la_combined_person_id

)

select
    best_supports.la_code,
    councils.la_name,
    best_supports.der_nhs_la_combined_person_id,
    person_details.la_person_unique_identifier_latest as la_person_unique_identifier,
    coalesce(age_bands.working_age_band, {{ dhsc_value('unknown_working_age_band') }})
        as der_age_band_reporting_end,
    best_supports.support_rank,
    case best_supports.support_rank
        when 1 then 'Direct Payment only'
        when 2 then {{ dhsc_value('managed_personal_budget') }}
        when 3 then 'CASSR Commissioned Support only'
        when 4 then 'Support Direct to Carer: Unknown Delivery Mech'
        when 5 then 'Information, Advice and Other Universal Services / Signposting'
        else 'No Direct Support Provided to Carer'
    end as support_provided
from best_supports
inner join councils
    on best_supports.la_code = councils.la_code
inner join person_details
    on
        best_supports.la_code = person_details.la_code
        and best_supports.der_nhs_la_combined_person_id
        = person_details.der_nhs_la_combined_person_id
left join age_bands
    on person_details.der_age_end_of_period between age_bands.from_age and age_bands.to_age
where
    coalesce(age_bands.working_age_band, {{ dhsc_value('unknown_working_age_band') }})
    != {{ dhsc_value('under_18') }}
    and (
        person_details.date_of_death is null
        or person_details.date_of_death >= {{ date_setting('reporting_period_start') }}
    )
