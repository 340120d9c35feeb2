-- The latest known details of each person, one row per council and person, before any repair.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02,LT05
-- DHSC's comments say that the end date comes first; its code puts the reference period before it.
{%- set details = {
    'accommodation_status': dhsc_value('unknown_accommodation_status'),
    'employment_status': dhsc_value('unknown_employment_status'),
    'gender': dhsc_value('unknown_gender'),
    'ethnicity': dhsc_value('unknown_ethnicity'),
    'client_funding_status': dhsc_value('unknown_client_funding_status'),
    'has_unpaid_carer': dhsc_value('unknown_has_unpaid_carer'),
    'primary_support_reason': dhsc_value('unknown_primary_support_reason'),
} %}
with

person_rows as (

    select * from {{ ref('dhsc_person_rows') }}

),
{% for detail, unknown in details.items() %}
{{ detail }}_latest as (

    {{ latest_known('person_rows', detail, unknown) }}

){{ ',' if not loop.last }}
{% endfor %}
select
    gender_latest.la_code,
    gender_latest.der_nhs_la_combined_person_id,
    {%- for detail in details %}
    {{ detail }}_latest.{{ detail }}{{ ',' if not loop.last }}
    {%- endfor %}
from gender_latest
{%- for detail in details if detail != 'gender' %}
inner join {{ detail }}_latest
    on
        gender_latest.la_code = {{ detail }}_latest.la_code
        and gender_latest.der_nhs_la_combined_person_id
        = {{ detail }}_latest.der_nhs_la_combined_person_id
{%- endfor %}
