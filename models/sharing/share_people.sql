-- What the shared rows may tell of each person, made coarser until share_k people look the same.
-- Ephemeral on purpose: it carries the identifier it is joined by, so it is never stored here.
{%- set k = setting('share_k') -%}
{%- set with_sector = setting('share_postcode') == 'sector' -%}
{%- set columns = [
    'age_band', 'gender', 'ethnic_group', 'birth_year', 'birth_month', 'postcode_sector'
] -%}
{%- set withheld = {
    'age_band': "'Withheld'", 'gender': "'Withheld'", 'ethnic_group': "'Withheld'",
    'birth_year': 'cast(null as integer)', 'birth_month': 'cast(null as integer)',
    'postcode_sector': 'cast(null as varchar)',
} -%}
{#- From fine to coarse; the last step tells the council only. -#}
{%- set steps = [
    {'withheld': []},
    {'withheld': ['postcode_sector']},
    {'withheld': ['postcode_sector', 'birth_month']},
    {'withheld': ['postcode_sector', 'birth_month', 'birth_year']},
    {'withheld': ['postcode_sector', 'birth_month', 'birth_year', 'ethnic_group']},
    {'withheld': ['postcode_sector', 'birth_month', 'birth_year', 'ethnic_group', 'gender']},
    {'withheld': columns},
] %}
with

people as (
    select * from {{ ref('dhsc_person_details') }}
),

events as (
    select * from {{ ref('dhsc_events_single') }}
),

age_bands as (
    select * from {{ ref('dhsc_age_bands') }}
),

-- Only people with a row to share can hide each other.
people_shared as (
    select distinct
        events.la_code,
        events.der_nhs_la_combined_person_id
    from events
),

ethnic_groups as (
    select
        events.ethnicity_cleaned,
        max(events.ethnicity_grouped) as ethnic_group
    from events
    group by events.ethnicity_cleaned
),

{% if with_sector -%}
sent_rows as (
    select * from {{ ref('sub_rows') }}
),

latest_postcodes as (
    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        sent_rows.postcode,
        row_number() over (
            partition by events.la_code, events.der_nhs_la_combined_person_id
            order by events.event_start_date desc, events.kept_row_id asc
        ) as latest_first
    from events
    inner join sent_rows on events.kept_row_id = sent_rows.row_id
    where sent_rows.postcode is not null
),

{% endif -%}
described as (
    select
        people.la_code,
        people.der_nhs_la_combined_person_id,
        coalesce(age_bands.age_band, {{ dhsc_value('unknown_age_band') }}) as age_band,
        coalesce(people.gender, {{ dhsc_value('unknown_gender') }}) as gender,
        coalesce(ethnic_groups.ethnic_group, 'Unknown') as ethnic_group,
        people.der_birth_year as birth_year,
        people.der_birth_month as birth_month,
        {% if with_sector -%}
        nullif({{ postcode_sector('latest_postcodes.postcode') }}, '') as postcode_sector
        {%- else -%}
        cast(null as varchar) as postcode_sector
        {%- endif %}
    from people
    inner join people_shared
        on
            people.la_code = people_shared.la_code
            and people.der_nhs_la_combined_person_id = people_shared.der_nhs_la_combined_person_id
    left join age_bands
        on people.der_age_end_of_period between age_bands.from_age and age_bands.to_age
    left join ethnic_groups on people.ethnicity = ethnic_groups.ethnicity_cleaned
    {%- if with_sector %}
    left join latest_postcodes
        on
            people.la_code = latest_postcodes.la_code
            and people.der_nhs_la_combined_person_id
            = latest_postcodes.der_nhs_la_combined_person_id
            and latest_postcodes.latest_first = 1
    {%- endif %}
),

-- Each step hides more, and counts only the people whom the finer steps could not hide.
{%- for step in steps %}
step_{{ loop.index }} as (
    select
        finer.la_code,
        finer.der_nhs_la_combined_person_id,
        {%- for column in columns %}
        {% if column in step.withheld -%}
        {{ withheld[column] }} as {{ column }},
        {%- else -%}
        finer.{{ column }},
        {%- endif %}
        {%- endfor %}
        count(*) over (
            partition by
                finer.la_code
                {%- for column in columns if column not in step.withheld -%}
                , finer.{{ column }}
                {%- endfor %}
        ) as people_alike
    from {{ 'described' if loop.first else 'step_' ~ (loop.index - 1) }} as finer
    {%- if not loop.first %}
    where finer.people_alike < {{ k }}
    {%- endif %}
){{ ',' if not loop.last }}
{% endfor %}
{% for step in steps %}
select
    found.la_code,
    found.der_nhs_la_combined_person_id,
    {%- for column in columns %}
    found.{{ column }},
    {%- endfor %}
    {{ loop.index }} as step
from step_{{ loop.index }} as found
where found.people_alike >= {{ k }}
{% if not loop.last -%}
union all
{% endif -%}
{%- endfor %}
