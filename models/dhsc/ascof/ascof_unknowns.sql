-- People whose unknown accommodation (2E) or delivery mechanism (3D) DHSC counts beside the measures:
-- one row per council and measure. Those of unknown age count too, so they need not be part of the
-- denominator, and all of 2E is labelled alike: both are as DHSC has them.
with

councils as (

    select * from {{ ref('dhsc_councils') }}

),

people_2e as (

    select * from {{ ref('ascof_2e_people') }}

),

clients_3d as (

    select * from {{ ref('ascof_3d_clients') }}

),

carers_3d as (

    select * from {{ ref('ascof_3d_carers') }}

),

unknown_people as (

    select
        'ASCOF 2E' as dhsc_measure,
        people_2e.la_code,
        people_2e.der_nhs_la_combined_person_id
    from people_2e
    where people_2e.is_accommodation_unknown
    union all
    select
        'ASCOF 2E LD' as dhsc_measure,
        people_2e.la_code,
        people_2e.der_nhs_la_combined_person_id
    from people_2e
    where people_2e.is_accommodation_unknown and people_2e.is_learning_disability
    union all
    select
        'ASCOF 3D (Clients)' as dhsc_measure,
        clients_3d.la_code,
        clients_3d.der_nhs_la_combined_person_id
    from clients_3d
    where
        clients_3d.service_type = {{ dhsc_value('community_support') }}
        and clients_3d.delivery_mechanism is null
    union all
    select
        'ASCOF 3D (Carers)' as dhsc_measure,
        carers_3d.la_code,
        carers_3d.der_nhs_la_combined_person_id
    from carers_3d
    where carers_3d.support_rank = 4

),

counts as (

    select
        unknown_people.dhsc_measure,
        unknown_people.la_code,
        count(distinct unknown_people.der_nhs_la_combined_person_id) as people
    from unknown_people
    group by unknown_people.dhsc_measure, unknown_people.la_code

),

listed as (

    select
        'ASCOF 2E' as dhsc_measure,
        'Accommodation status = unknown or invalid' as description
    union all
    select
        'ASCOF 2E LD' as dhsc_measure,
        'Accommodation status = unknown or invalid' as description
    union all
    select
        'ASCOF 3D (Clients)' as dhsc_measure,
        'Unknown or invalid delivery mechanism, or unable to deduce from service component'
            as description
    union all
    select
        'ASCOF 3D (Carers)' as dhsc_measure,
        'Unknown or invalid delivery mechanism, or unable to deduce from service component'
            as description

)

select
    councils.la_code,
    councils.la_name,
    listed.dhsc_measure,
    listed.description,
    cast(coalesce(counts.people, 0) as integer) as people
from councils
cross join listed
left join counts
    on
        councils.la_code = counts.la_code
        and listed.dhsc_measure = counts.dhsc_measure
