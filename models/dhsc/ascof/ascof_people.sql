-- The people (2A: episodes) behind every ASCOF measure and group, so that each figure is a count of
-- this table. One row per measure, group and person or episode.
{%- set by_la_id = setting('method_version') != 'jun2026'
    and setting('dhsc_count_by_la_id') %}
with

episodes_2a as (

    select * from {{ ref('ascof_2a_episodes') }}

),

people_2bc as (

    select * from {{ ref('ascof_2bc_people') }}

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

measures as (

    select * from {{ ref('dhsc_measures') }}

),

client_people as (

    select distinct
        clients_3d.la_code,
        clients_3d.der_nhs_la_combined_person_id,
        clients_3d.la_person_unique_identifier,
        clients_3d.der_age_band_reporting_end,
        clients_3d.delivery_mechanism
    from clients_3d
    where clients_3d.service_type = {{ dhsc_value('community_support') }}

),

people as (

    select
        '2A' as measure,
        episodes_2a.la_code,
        episodes_2a.der_nhs_la_combined_person_id,
        episodes_2a.la_person_unique_identifier,
        cast(episodes_2a.st_max_cluster_start as string) as episode,
        episodes_2a.st_max_cluster_working_age_band as own_group,
        episodes_2a.in_numerator,
        episodes_2a.in_denominator,
        episodes_2a.sequel_type || ' ' || episodes_2a.final_outcome as detail
    from episodes_2a
    union all
    select
        case
            when people_2bc.age_band = {{ dhsc_value('working_age') }} then '2B'
            else '2C'
        end as measure,
        people_2bc.la_code,
        people_2bc.der_nhs_la_combined_person_id,
        people_2bc.la_person_unique_identifier,
        '' as episode,
        people_2bc.age_band as own_group,
        true as in_numerator,
        false as in_denominator,
        'admitted ' || cast(people_2bc.first_admission_date as string) as detail
    from people_2bc
    union all
    {%- set by_age %}
        case
            when people_2e.person_working_age_band = {{ dhsc_value('working_age') }} then '2E 18-64'
            else '2E 65+'
        end
    {%- endset %}
    {%- for measure, who_counts in [(by_age, 'has_known_age'), ("'2E LD'", 'is_learning_disability')] %}
    select
        {{ measure | trim }} as measure,
        people_2e.la_code,
        people_2e.der_nhs_la_combined_person_id,
        people_2e.la_person_unique_identifier,
        '' as episode,
        people_2e.gender as own_group,
        people_2e.accommodation_status_group = 1
        {%- if by_la_id %}
        and people_2e.la_person_unique_identifier is not null
        {%- endif %} as in_numerator,
        true as in_denominator,
        people_2e.accommodation_status as detail
    from people_2e
    where people_2e.{{ who_counts }}
    union all
    {%- endfor %}
    {%- for measure, counted in {
        '3D 1a': dhsc_value(['direct_payment', 'managed_personal_budget']), '3D 2a': dhsc_value('direct_payment')
    }.items() %}
    select
        '{{ measure }}' as measure,
        client_people.la_code,
        client_people.der_nhs_la_combined_person_id,
        client_people.la_person_unique_identifier,
        '' as episode,
        client_people.der_age_band_reporting_end as own_group,
        coalesce(client_people.delivery_mechanism in ({{ counted }}), false) as in_numerator,
        true as in_denominator,
        coalesce(client_people.delivery_mechanism, 'no delivery mechanism') as detail
    from client_people
    union all
    {%- endfor %}
    {%- for measure, last_counted in {'3D 1b': 2, '3D 2b': 1}.items() %}
    select
        '{{ measure }}' as measure,
        carers_3d.la_code,
        carers_3d.der_nhs_la_combined_person_id,
        carers_3d.la_person_unique_identifier,
        '' as episode,
        carers_3d.der_age_band_reporting_end as own_group,
        carers_3d.support_rank <= {{ last_counted }} as in_numerator,
        carers_3d.support_rank <= 3 as in_denominator,
        carers_3d.support_provided as detail
    from carers_3d
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    people.la_code,
    people.measure,
    measures.group,
    people.der_nhs_la_combined_person_id,
    people.la_person_unique_identifier,
    people.episode,
    people.in_numerator,
    people.in_denominator,
    people.detail
from people
inner join measures
    on
        people.measure = measures.measure
        and (measures.group = 'Total' or people.own_group = measures.group)
