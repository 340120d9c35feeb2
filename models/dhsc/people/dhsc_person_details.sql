-- DHSC's latest details of each person: one row per council and person, for the ASCOF measures.
with

person_latest as (

    select * from {{ ref('dhsc_person_latest') }}

),

person_dates as (

    select * from {{ ref('dhsc_person_dates') }}

),

person_ids as (

    select * from {{ ref('dhsc_person_ids') }}

),

repaired as (

    select * from {{ ref('dhsc_accommodation_repaired') }}

),

settled as (

    select * from {{ ref('dhsc_settled_accommodation') }}

),

events as (

    select * from {{ ref('dhsc_events_joined') }}

),

age_bands as (

    select * from {{ ref('dhsc_age_bands') }}

),

carer_rows as (

    select *
    from events
    where
        events.client_type_cleaned like {{ dhsc_value('any_unpaid_carer') }}
        and events.event_start_date <= {{ date_setting('reporting_period_end') }}
        and (
            events.der_event_end_date >= {{ date_setting('reporting_period_start') }}
            or events.der_event_end_date is null
        )

),

cared_for as (
    {% for column in ['adult_1', 'adult_2', 'adult_3'] %}
    select
        carer_rows.la_code,
        {{ dhsc_key('carer_rows.' ~ column ~ '_linked_person_id') }} as la_person_key
    from carer_rows
    where carer_rows.{{ column }}_linked_person_id is not null
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}

),

people_with_carer as (

    select distinct
        events.la_code,
        events.der_nhs_la_combined_person_id
    from events
    inner join cared_for
        on
            events.la_code = cared_for.la_code
            and events.la_person_key = cared_for.la_person_key

),

people as (

    select
        person_latest.la_code,
        person_latest.der_nhs_la_combined_person_id,
        person_ids.la_person_unique_identifier_latest,
        person_ids.la_person_unique_identifier_concat,
        coalesce(repaired.accommodation_status, person_latest.accommodation_status)
            as accommodation_status,
        person_latest.employment_status,
        person_latest.gender,
        person_latest.ethnicity,
        person_dates.der_birth_date,
        {{ dhsc_age('person_dates.der_birth_date', date_setting('reporting_period_end')) }}
            as der_age_end_of_period,
        person_dates.date_of_death,
        case
            when people_with_carer.la_code is not null then {{ dhsc_value('has_carer') }}
            else person_latest.has_unpaid_carer
        end as has_unpaid_carer,
        person_latest.primary_support_reason,
        person_latest.client_funding_status
    from person_latest
    inner join person_dates
        on
            person_latest.la_code = person_dates.la_code
            and person_latest.der_nhs_la_combined_person_id
            = person_dates.der_nhs_la_combined_person_id
    inner join person_ids
        on
            person_latest.la_code = person_ids.la_code
            and person_latest.der_nhs_la_combined_person_id
            = person_ids.der_nhs_la_combined_person_id
    left join repaired
        on
            person_latest.la_code = repaired.la_code
            and person_latest.der_nhs_la_combined_person_id
            = repaired.der_nhs_la_combined_person_id
    left join people_with_carer
        on
            person_latest.la_code = people_with_carer.la_code
            and person_latest.der_nhs_la_combined_person_id
            = people_with_carer.der_nhs_la_combined_person_id

),

-- Each age once: to look for its band person by person would put all people in order of age.
ages as (

    select distinct people.der_age_end_of_period
    from people

),

ages_in_bands as (

    select
        ages.der_age_end_of_period,
        age_bands.working_age_band
    from ages
    inner join age_bands
        on ages.der_age_end_of_period between age_bands.from_age and age_bands.to_age

)

select
    {{ date_setting('reporting_period_end') }} as reporting_period_end_date,
    people.la_code,
    people.der_nhs_la_combined_person_id,
    people.la_person_unique_identifier_latest,
    people.la_person_unique_identifier_concat,
    people.accommodation_status,
    case when settled.accommodation_status is null then 0 else 1 end as accommodation_status_group,
    people.employment_status,
    people.gender,
    people.ethnicity,
    cast(year(people.der_birth_date) as integer) as der_birth_year,
    cast(month(people.der_birth_date) as integer) as der_birth_month,
    people.der_birth_date,
    people.der_age_end_of_period,
    -- Here, and only here, DHSC's Under 18 begins at 1: a baby is of unknown age.
    case
        when people.der_age_end_of_period < 1 then {{ dhsc_value('unknown_working_age_band') }}
        else coalesce(ages_in_bands.working_age_band, {{ dhsc_value('unknown_working_age_band') }})
    end as der_working_age_band_end_of_period,
    people.date_of_death,
    people.has_unpaid_carer,
    people.primary_support_reason,
    people.client_funding_status
from people
left join settled
    on people.accommodation_status = settled.accommodation_status
left join ages_in_bands
    on people.der_age_end_of_period = ages_in_bands.der_age_end_of_period
