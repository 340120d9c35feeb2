-- The people (2A: episodes) behind the headline figures of this run. One row per council, measure, group
-- and person or episode.
with

ascof_people as (

    select * from {{ ref('ascof_people') }}

),

long_term_people as (

    select * from {{ ref('activity_long_term_people') }}
    where activity_table in ('LTS001a', 'LTS001b')

),

grouped as (

    select
        long_term_people.*,
        long_term_people.age_band as age_group
    from long_term_people
    union all
    select
        long_term_people.*,
        'Total' as age_group
    from long_term_people

)

select
    ascof_people.la_code,
    ascof_people.measure,
    ascof_people.group,
    ascof_people.der_nhs_la_combined_person_id,
    ascof_people.la_person_unique_identifier,
    ascof_people.episode,
    ascof_people.in_numerator,
    ascof_people.in_denominator,
    ascof_people.detail
from ascof_people
where ascof_people.in_numerator or ascof_people.in_denominator
union all
select
    grouped.la_code,
    grouped.activity_table as measure,
    grouped.age_group as {{ adapter.quote('group') }},
    grouped.der_nhs_la_combined_person_id,
    grouped.la_person_unique_identifier,
    '' as episode,
    true as in_numerator,
    false as in_denominator,
    grouped.service_type || ', ' || grouped.delivery_mechanism as detail
from grouped
