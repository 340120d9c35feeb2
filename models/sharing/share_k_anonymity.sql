-- How many people look the same in what share_events tells of them: measured on the shared rows.
with

shared as (
    select * from {{ ref('share_events') }}
),

events as (
    select * from {{ ref('dhsc_events_single') }}
),

counted as (
    select
        events.la_code,
        count(distinct events.der_nhs_la_combined_person_id) as people
    from events
    group by events.la_code
),

people_alike as (
    select
        shared.la_code,
        shared.age_band,
        shared.gender,
        shared.ethnic_group,
        shared.birth_year,
        shared.birth_month,
        shared.postcode_sector,
        count(distinct shared.dhsc_person_key) as people
    from shared
    group by
        shared.la_code, shared.age_band, shared.gender, shared.ethnic_group,
        shared.birth_year, shared.birth_month, shared.postcode_sector
),

summed as (
    select
        people_alike.la_code,
        sum(people_alike.people) as people_shared,
        count(*) as descriptions,
        min(people_alike.people) as smallest_group,
        sum(case when people_alike.birth_month is not null then people_alike.people else 0 end)
            as people_with_birth_month,
        sum(case when people_alike.birth_year is not null then people_alike.people else 0 end)
            as people_with_birth_year
    from people_alike
    group by people_alike.la_code
)

select
    counted.la_code,
    {{ setting('share_k') }} as least_group,
    cast(counted.people as bigint) as people,
    cast(coalesce(summed.people_shared, 0) as bigint) as people_shared,
    cast(coalesce(summed.descriptions, 0) as bigint) as descriptions,
    cast(summed.smallest_group as bigint) as smallest_group,
    cast(coalesce(summed.people_with_birth_month, 0) as bigint) as people_with_birth_month,
    cast(coalesce(summed.people_with_birth_year, 0) as bigint) as people_with_birth_year
from counted
left join summed on counted.la_code = summed.la_code
