-- Month of birth and date of death of each person, from the events of the joined table.
with

events as (

    select * from {{ ref('dhsc_events_joined') }}

),

-- Of what one period says of a person the earliest birth and the latest death.
dates_by_period as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        events.ref_period_end_date,
        min(events.der_birth_date) as der_birth_date,
        max(events.date_of_death) as date_of_death
    from events
    group by events.la_code, events.der_nhs_la_combined_person_id, events.ref_period_end_date

),

-- The latest period that says any.
latest_periods as (

    select
        dates_by_period.la_code,
        dates_by_period.der_nhs_la_combined_person_id,
        max(
            case
                when dates_by_period.der_birth_date is not null
                    then dates_by_period.ref_period_end_date
            end
        ) as birth_period,
        max(
            case
                when dates_by_period.date_of_death is not null
                    then dates_by_period.ref_period_end_date
            end
        ) as death_period
    from dates_by_period
    group by dates_by_period.la_code, dates_by_period.der_nhs_la_combined_person_id

)

select
    latest_periods.la_code,
    latest_periods.der_nhs_la_combined_person_id,
    births.der_birth_date,
    deaths.date_of_death
from latest_periods
left join dates_by_period as births
    on
        latest_periods.la_code = births.la_code
        and latest_periods.der_nhs_la_combined_person_id = births.der_nhs_la_combined_person_id
        and latest_periods.birth_period = births.ref_period_end_date
left join dates_by_period as deaths
    on
        latest_periods.la_code = deaths.la_code
        and latest_periods.der_nhs_la_combined_person_id = deaths.der_nhs_la_combined_person_id
        and latest_periods.death_period = deaths.ref_period_end_date
