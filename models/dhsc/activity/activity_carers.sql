-- Unpaid carers behind the activity table LTS003 with the best support of each, all ages: one row per
-- council and person. Unlike ASCOF 3D the component plays no part: a direct payment recorded only as
-- component is of unknown mechanism here. A service without a type fits no support, and leaves.
with

events as (

    select * from {{ ref('ascof_events') }}

),

carer_events as (

    select *
    from events
    where
        events.client_type in ({{ dhsc_value(['unpaid_carer', 'carer_known_by_association']) }})
        and events.event_start_date <= {{ date_setting('reporting_period_end') }}
        and events.event_end_date >= {{ date_setting('reporting_period_start') }}
        and (
            events.date_of_death is null
            or events.date_of_death >= {{ date_setting('reporting_period_start') }}
        )
        and (
            events.service_group = {{ dhsc_value('carer_support_group') }}
            or (
                events.service_type is null
                and (
                    events.event_outcome = {{ dhsc_value('information_and_advice') }}
                    or events.is_assessment_or_review
                )
            )
        )

),

supports as (

    select
        carer_events.la_code,
        carer_events.der_nhs_la_combined_person_id,
        min(
            case
                when carer_events.service_type = {{ dhsc_value('direct_carer_support') }}
                    then case carer_events.delivery_mechanism
                            when {{ dhsc_value('direct_payment') }} then 1
                            when {{ dhsc_value('managed_personal_budget') }} then 2
                            when {{ dhsc_value('commissioned_support') }} then 3
                            else 4
                        end
                when
                    carer_events.service_type
                    = {{ dhsc_value('indirect_carer_support') }}
                    then 6
                when
                    carer_events.is_assessment_or_review
                    and coalesce(carer_events.event_outcome, '')
                    != {{ dhsc_value('information_and_advice') }}
                    then 6
                when carer_events.is_assessment_or_review or carer_events.is_request then 5
            end
        ) as support_rank
    from carer_events
    group by carer_events.la_code, carer_events.der_nhs_la_combined_person_id

)

select
    supports.la_code,
    supports.der_nhs_la_combined_person_id,
    supports.support_rank,
    case supports.support_rank
        when 1 then 'Direct payment only'
        when 2 then {{ dhsc_value('managed_personal_budget') }}
        when 3 then 'CASSR commissioned support only'
        when 4 then 'Support direct to carer: unknown delivery mechanism'
        when 5 then 'Information, advice and other universal services or signposting'
        else 'No direct support provided to carer'
    end as support_provided
from supports
where supports.support_rank is not null
