-- Month of birth and date of death of each person, from the events of the joined table.
with

events as (

    select * from {{ ref('dhsc_events_joined') }}

),

births as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        events.der_birth_date,
        row_number() over (
            partition by events.la_code, events.der_nhs_la_combined_person_id
            order by
                case when events.der_birth_date is null then 1 else 0 end,
                events.ref_period_end_date desc,
                events.der_birth_date,
                events.kept_row_id
        ) as best_first
    from events

),

deaths as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        events.date_of_death,
        row_number() over (
            partition by events.la_code, events.der_nhs_la_combined_person_id
            order by
                case when events.date_of_death is null then 1 else 0 end,
                events.ref_period_end_date desc,
                events.date_of_death desc,
                events.kept_row_id
        ) as best_first
    from events

)

select
    births.la_code,
    births.der_nhs_la_combined_person_id,
    births.der_birth_date,
    deaths.date_of_death
from births
inner join deaths
    on
        births.la_code = deaths.la_code
        and births.der_nhs_la_combined_person_id = deaths.der_nhs_la_combined_person_id
where births.best_first = 1 and deaths.best_first = 1
