-- People aged 18 to 64 with a long term support row for a learning disability in the year, behind the
-- activity table LTS004, with employment and accommodation: one row per council and person.
with

service_rows as (

    select * from {{ ref('activity_long_term_rows') }}
    where
        activity_table = 'LTS001a'
        and age between 18 and 64
        and primary_support_reason = {{ dhsc_value('learning_disability_support') }}

),

person_details as (

    select * from {{ ref('dhsc_person_details') }}

),

settled as (

    select * from {{ ref('dhsc_settled_accommodation') }}

),

statuses as (

    select
        service_rows.la_code,
        service_rows.der_nhs_la_combined_person_id,
        service_rows.event_start_date,
        'employment' as status_kind,
        service_rows.employment_status as status,
        {{ dhsc_value('unknown_employment_status') }} as unknown_status
    from service_rows
    union all
    select
        service_rows.la_code,
        service_rows.der_nhs_la_combined_person_id,
        service_rows.event_start_date,
        'accommodation' as status_kind,
        service_rows.accommodation_status as status,
        {{ dhsc_value('unknown_accommodation_status') }} as unknown_status
    from service_rows

),

-- Valid values only: the latest start, then known before unknown.
ranked as (

    select
        statuses.*,
        rank() over (
            partition by
                statuses.la_code, statuses.der_nhs_la_combined_person_id, statuses.status_kind
            order by
                statuses.event_start_date desc,
                case when statuses.status = statuses.unknown_status then 1 else 0 end
        ) as latest_first
    from statuses
    where statuses.status != {{ dhsc_value('invalid') }}

),

decided as (

    select
        ranked.la_code,
        ranked.der_nhs_la_combined_person_id,
        ranked.status_kind,
        case
            when min(ranked.status) = max(ranked.status) then min(ranked.status)
            else min(ranked.unknown_status)
        end as status
    from ranked
    where ranked.latest_first = 1
    group by
        ranked.la_code, ranked.der_nhs_la_combined_person_id, ranked.status_kind

),

people as (

    select distinct
        service_rows.la_code,
        service_rows.der_nhs_la_combined_person_id
    from service_rows

)

select
    people.la_code,
    people.der_nhs_la_combined_person_id,
    person_details.la_person_unique_identifier_latest as la_person_unique_identifier,
    person_details.gender,
    coalesce(employment.status, 'Invalid/NULL') as employment_status,
    coalesce(accommodation.status, 'Invalid/NULL') as accommodation_status,
    case
        when accommodation.status is null then 'Invalid/NULL'
        when settled.accommodation_status is not null then 'Settled'
        else 'Unsettled'
    end as accommodation_group
from people
inner join person_details
    on
        people.la_code = person_details.la_code
        and people.der_nhs_la_combined_person_id = person_details.der_nhs_la_combined_person_id
left join decided as employment
    on
        people.la_code = employment.la_code
        and people.der_nhs_la_combined_person_id = employment.der_nhs_la_combined_person_id
        and employment.status_kind = 'employment'
left join decided as accommodation
    on
        people.la_code = accommodation.la_code
        and people.der_nhs_la_combined_person_id = accommodation.der_nhs_la_combined_person_id
        and accommodation.status_kind = 'accommodation'
left join settled
    on accommodation.status = settled.accommodation_status
