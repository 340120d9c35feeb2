-- The latest known details of each person, one row per council and person, before any repair.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02,LT05
-- DHSC's comments say that the end date comes first; its code puts the reference period before it.
{%- set details = {
    'accommodation_status': 'Unknown',
    'employment_status': 'Unknown',
    'gender': 'Unknown',
    'ethnicity': 'No data: Undeclared or not known',
    'client_funding_status': 'Unknown',
    'has_unpaid_carer': 'Unknown',
    'primary_support_reason': 'Unknown',
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
