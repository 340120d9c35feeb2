-- People behind the activity tables LTS001a, b and c, with the support and support reason that stand
-- for them. One row per table, council and person.
{% set unknown_reason = dhsc_value('unknown_primary_support_reason') %}
with

service_rows as (

    select * from {{ ref('activity_long_term_rows') }}

),

support_ranks as (

    select * from {{ ref('dhsc_support_ranks') }}

),

person_details as (

    select * from {{ ref('dhsc_person_details') }}

),

supported as (

    select
        service_rows.*,
        case when service_rows.age between 18 and 64 then {{ dhsc_value('working_age') }}
            else {{ dhsc_value('older_age') }}
        end
            as age_band,
        coalesce(named_ranks.delivery_mechanism, 'No delivery mechanism') as shown_mechanism,
        coalesce(named_ranks.support_rank, blank_ranks.support_rank) as support_rank
    from service_rows
    inner join support_ranks as blank_ranks
        on
            service_rows.service_type = blank_ranks.service_type
            and blank_ranks.delivery_mechanism is null
    left join support_ranks as named_ranks
        on
            service_rows.service_type = named_ranks.service_type
            and named_ranks.delivery_mechanism = case
                when service_rows.service_component = {{ dhsc_value('direct_payment_component') }}
                    then {{ dhsc_value('direct_payment') }}
                else service_rows.delivery_mechanism
            end
    where service_rows.age >= 18

),

-- An invalid support reason counts as known to NHS England's code: only Unknown and nothing do not.
ranked as (

    select
        supported.*,
        rank() over (
            partition by
                supported.activity_table,
                supported.la_code,
                supported.der_nhs_la_combined_person_id
            order by
                supported.support_rank,
                case
                    when
                        coalesce(supported.primary_support_reason, {{ unknown_reason }})
                        = {{ unknown_reason }}
                        then 1
                    else 0
                end,
                supported.event_start_date desc
        ) as best_first
    from supported

)

select
    ranked.activity_table,
    ranked.la_code,
    ranked.der_nhs_la_combined_person_id,
    person_details.la_person_unique_identifier_latest as la_person_unique_identifier,
    ranked.age_band,
    min(ranked.service_type) as service_type,
    min(ranked.shown_mechanism) as delivery_mechanism,
    case
        when
            min(coalesce(ranked.primary_support_reason, 'Invalid/NULL'))
            != max(coalesce(ranked.primary_support_reason, 'Invalid/NULL'))
            then {{ unknown_reason }}
        when
            coalesce(min(ranked.primary_support_reason), {{ dhsc_value('invalid') }})
            = {{ dhsc_value('invalid') }}
            then 'Invalid/NULL'
        else min(ranked.primary_support_reason)
    end as primary_support_reason,
    person_details.gender,
    person_details.ethnicity,
    -- Only Yes and No are valid to NHS England's code.
    case
        when person_details.has_unpaid_carer in ({{ dhsc_value(['has_carer', 'has_no_carer']) }})
            then person_details.has_unpaid_carer
        else 'Invalid/NULL'
    end as has_unpaid_carer
from ranked
inner join person_details
    on
        ranked.la_code = person_details.la_code
        and ranked.der_nhs_la_combined_person_id = person_details.der_nhs_la_combined_person_id
where ranked.best_first = 1
group by
    ranked.activity_table,
    ranked.la_code,
    ranked.der_nhs_la_combined_person_id,
    person_details.la_person_unique_identifier_latest,
    ranked.age_band,
    person_details.gender,
    person_details.ethnicity,
    person_details.has_unpaid_carer
