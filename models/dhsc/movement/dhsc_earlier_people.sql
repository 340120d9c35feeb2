-- The people behind the headline figures before the latest submission, copied from the schema
-- dhsc_earlier. Kept from run to run: for each council the last state that was computed.
{{ config(
    materialized='incremental' if target.type == 'duckdb' else 'table',
    incremental_strategy='delete+insert',
    unique_key='la_code',
) }}
-- depends_on: {{ ref('sub_compared_files') }}
{%- set headline = earlier_state('dhsc_headline_people') %}
{%- set states = earlier_state('dhsc_headline_states') %}
{%- if headline and states %}
with

compared_files as (

    select * from {{ ref('sub_compared_files') }}

),

states as (

    select * from {{ states }}

),

headline as (

    select * from {{ headline }}

)

-- A run stands for the councils whose earlier submission ends with its period.
select
    headline.la_code,
    headline.measure,
    headline.group,
    headline.der_nhs_la_combined_person_id,
    headline.la_person_unique_identifier,
    headline.episode,
    headline.in_numerator,
    headline.in_denominator,
    headline.detail,
    compared_files.previous_submission_id as for_submission_id
from headline
inner join states
    on headline.la_code = states.la_code
inner join compared_files
    on
        states.la_code = compared_files.la_code
        and states.period_end = compared_files.previous_period_end
{%- else %}
select
    cast(null as string) as la_code,
    cast(null as string) as measure,
    cast(null as string) as {{ adapter.quote('group') }},
    cast(null as string) as der_nhs_la_combined_person_id,
    cast(null as string) as la_person_unique_identifier,
    cast(null as string) as episode,
    cast(null as boolean) as in_numerator,
    cast(null as boolean) as in_denominator,
    cast(null as string) as detail,
    cast(null as string) as for_submission_id
where false
{%- endif %}
