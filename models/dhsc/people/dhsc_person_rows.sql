-- The joined events of each person with what makes one row's details better known than another's.
with

events as (

    select * from {{ ref('dhsc_events_joined') }}

),

value_map as (

    select * from {{ ref('dhsc_value_map') }}
    where field = 'Has Unpaid Carer'

),

details as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        events.kept_row_id,
        events.ref_period_end_date,
        coalesce(events.der_event_end_date, cast('9999-01-01' as date)) as end_date,
        events.event_start_date,
        coalesce(
            events.accommodation_status_cleaned, {{ dhsc_value('unknown_accommodation_status') }}
        ) as accommodation_status,
        coalesce(events.employment_status_cleaned, {{ dhsc_value('invalid') }})
            as employment_status,
        coalesce(events.gender_cleaned, {{ dhsc_value('unknown_gender') }}) as gender,
        coalesce(events.ethnicity_cleaned, {{ dhsc_value('unknown_ethnicity') }}) as ethnicity,
        coalesce(
            events.client_funding_status_cleaned, {{ dhsc_value('unknown_client_funding_status') }}
        ) as client_funding_status,
        coalesce(
            events.primary_support_reason_cleaned,
            {{ dhsc_value('unknown_primary_support_reason') }}
        ) as primary_support_reason,
        case
            when events.has_unpaid_carer is null then {{ dhsc_value('unknown_has_unpaid_carer') }}
            else coalesce(value_map.cleaned_value, {{ dhsc_value('unknown_has_unpaid_carer') }})
        end as has_unpaid_carer
    from events
    left join value_map
        on {{ dhsc_key('events.has_unpaid_carer') }} = value_map.value_key

)

select
    details.la_code,
    details.der_nhs_la_combined_person_id,
    details.kept_row_id,
    details.ref_period_end_date,
    details.end_date,
    details.event_start_date,
    -- A missing employment status is an invalid one to DHSC's code, and employment keeps the invalid
    -- value; everything else turns it into Unknown.
    details.employment_status,
    case
        when details.accommodation_status = {{ dhsc_value('invalid') }}
            then {{ dhsc_value('unknown_accommodation_status') }}
        else details.accommodation_status
    end as accommodation_status,
    case
        when details.gender = {{ dhsc_value('invalid') }} then {{ dhsc_value('unknown_gender') }}
        else details.gender
    end as gender,
    case
        when details.ethnicity = {{ dhsc_value('invalid') }}
            then {{ dhsc_value('unknown_ethnicity') }}
        else details.ethnicity
    end as ethnicity,
    case
        when details.client_funding_status = {{ dhsc_value('invalid') }}
            then {{ dhsc_value('unknown_client_funding_status') }}
        else details.client_funding_status
    end as client_funding_status,
    case
        when details.primary_support_reason = {{ dhsc_value('invalid') }}
            then {{ dhsc_value('unknown_primary_support_reason') }}
        else details.primary_support_reason
    end as primary_support_reason,
    details.has_unpaid_carer,
    case
        when
            details.accommodation_status
            in ({{ dhsc_value(['unknown_accommodation_status', 'invalid']) }})
            then 0
        else 1
    end as accommodation_status_known,
    case
        when
            details.employment_status
            in ({{ dhsc_value(['unknown_employment_status', 'invalid']) }})
            then 0
        else 1
    end as employment_status_known,
    case when details.gender in ({{ dhsc_value(['unknown_gender', 'invalid']) }}) then 0 else 1 end
        as gender_known,
    case
        when
            details.ethnicity in ({{ dhsc_value(['unknown_ethnicity', 'invalid']) }})
            then 0
        when details.ethnicity = {{ dhsc_value('refused_ethnicity') }} then 1
        else 2
    end as ethnicity_known,
    case
        when
            details.client_funding_status
            in ({{ dhsc_value(['unknown_client_funding_status', 'invalid']) }})
            then 0
        else 1
    end as client_funding_status_known,
    case
        when
            details.primary_support_reason in (
                {{ dhsc_value([
                    'unknown_primary_support_reason', 'invalid', 'carer_support_reason',
                ]) }}
            )
            then 0
        else 1
    end as primary_support_reason_known,
    case
        when details.has_unpaid_carer in ({{ dhsc_value(['has_carer', 'has_no_carer']) }}) then 1
        else 0
    end as has_unpaid_carer_known
from details
