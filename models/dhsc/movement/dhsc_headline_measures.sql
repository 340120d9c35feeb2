-- The headline figures of this run: the ASCOF measures, and the people in long term support during the
-- year (LTS001a) and on its last day (LTS001b). One row per council, measure and group.
with

ascof_measures as (

    select * from {{ ref('ascof_measures') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

people as (

    select * from {{ ref('activity_long_term_people') }}

),

age_groups as (

    select distinct {{ adapter.quote('group') }} as age_group from {{ ref('dhsc_measures') }}
    where measure = '3D 1a'

),

activity_groups as (

    select
        'LTS001a' as measure,
        age_groups.age_group
    from age_groups
    union all
    select
        'LTS001b' as measure,
        age_groups.age_group
    from age_groups

)

select
    ascof_measures.la_code,
    ascof_measures.measure,
    ascof_measures.group,
    ascof_measures.numerator,
    ascof_measures.denominator,
    ascof_measures.outcome
from ascof_measures
union all
select
    councils.la_code,
    activity_groups.measure,
    activity_groups.age_group as {{ adapter.quote('group') }},
    cast(count(people.der_nhs_la_combined_person_id) as integer) as numerator,
    cast(null as integer) as denominator,
    cast(count(people.der_nhs_la_combined_person_id) as double) as outcome
from councils
cross join activity_groups
left join people
    on
        councils.la_code = people.la_code
        and activity_groups.measure = people.activity_table
        and activity_groups.age_group in (people.age_band, 'Total')
group by
    councils.la_code,
    activity_groups.measure,
    activity_groups.age_group
