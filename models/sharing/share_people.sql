-- At which step of share_steps() a person's shared rows, all of them together, look like those of
-- share_k people. Ephemeral on purpose: it carries the identifier it is joined by.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02
{%- set k = setting('share_k') -%}
{%- set steps = share_steps() -%}
{%- set special = share_columns(special=true) %}
with

share_rows as (
    select * from {{ ref('share_rows') }}
),

-- What each step tells of each row, and the part of it that is of no special category.
texts as (
    select
        share_rows.la_code,
        share_rows.der_nhs_la_combined_person_id,
        share_rows.la_person_key,
        share_rows.has_died,
        unnest([{{ range(1, steps | length + 1) | join(', ') }}]) as step,
        unnest([
            {%- for told in steps %}
            {{ row_told(told, told.keys() | list) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as row_told,
        unnest([
            {%- for told in steps %}
            {{ row_told(told, told.keys() | reject('in', special) | list) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as quasi_row_told
    from share_rows
),

told as (
    select
        texts.la_code,
        texts.der_nhs_la_combined_person_id,
        texts.step,
        texts.row_told,
        texts.quasi_row_told,
        min(texts.la_person_key) as la_person_key,
        bool_or(texts.has_died) as has_died
    from texts
    group by
        texts.la_code,
        texts.der_nhs_la_combined_person_id,
        texts.step,
        texts.row_told,
        texts.quasi_row_told
),

described as (
    select
        told.la_code,
        told.der_nhs_la_combined_person_id,
        told.step,
        -- Two identifiers of one human being are one.
        min(told.la_person_key) as la_person_key,
        bool_or(told.has_died) as has_died,
        string_agg(told.row_told, ';' order by told.row_told) as all_told,
        string_agg(told.quasi_row_told, ';' order by told.quasi_row_told) as quasi_told
    from told
    group by told.la_code, told.der_nhs_la_combined_person_id, told.step
),
{% for told in steps %}
{%- set number = loop.index %}
alike_{{ number }} as (
    select
        described.*,
        count(*) over (partition by described.la_code, described.all_told) >= {{ k }}
        and count(distinct described.la_person_key) over (
            partition by described.la_code, described.all_told
        ) >= {{ k }} as is_alike
    from described
    {%- if not loop.first %}
    anti join hidden_{{ number - 1 }} as hidden
        on
            described.la_code = hidden.la_code
            and described.der_nhs_la_combined_person_id = hidden.der_nhs_la_combined_person_id
    {%- endif %}
    where described.step = {{ number }}{% if 'event_start' in told %} and not described.has_died{% endif %}
),

-- Whoever knows the rest of a person must not learn what all who look so have in common.
hidden_{{ number }} as (
    select
        alike.la_code,
        alike.der_nhs_la_combined_person_id,
        alike.step
    from alike_{{ number }} as alike
    where alike.is_alike
    {%- if told.keys() | select('in', special) | list %}
    qualify
        count(distinct alike.all_told) over (partition by alike.la_code, alike.quasi_told) >= 2
    {%- endif %}
    {%- if not loop.first %}
    union all
    select * from hidden_{{ number - 1 }}
    {%- endif %}
){{ ',' if not loop.last }}
{% endfor %}
select
    found.la_code,
    found.der_nhs_la_combined_person_id,
    found.step
from hidden_{{ steps | length }} as found
