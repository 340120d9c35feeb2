-- FMT rules: a filled field is not written as the specification wants it.
with

nhs_numbers as (
    select
        rows_read.submission_id,
        rows_read.row_number,
        rows_read.nhs_number,
        replace(rows_read.nhs_number, ' ', '') as digits
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.nhs_number is not null
),

council_codes as (
    select councils.cassr_code
    from {{ ref('spec_councils') }} as councils
    where councils.cassr_code is not null
)

{% for field in cld_fields('date') %}
select
    {{ breach('FMT-01', field) }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.{{ field }} is not null
    and rows_read.{{ field | replace('_date', '') }}_day is null
union all
{% endfor %}
select
    rows_read.submission_id,
    rows_read.row_number,
    'FMT-02' as rule_id,
    'nhs_number' as field_name,
    rows_read.nhs_number as found_value,
    cast(null as string) as suggestion
from nhs_numbers as rows_read
where not {{ nhs_number_is_valid('rows_read.digits') }}
union all
select
    rows_read.submission_id,
    rows_read.row_number,
    'FMT-03' as rule_id,
    'nhs_number' as field_name,
    rows_read.nhs_number as found_value,
    cast(null as string) as suggestion
from nhs_numbers as rows_read
where
    rows_read.digits in ('0123456789', '1234567890', '9876543210')
    or (
        {{ matches_pattern('rows_read.digits', '^[0-9]+$') }}
        and replace(rows_read.digits, substr(rows_read.digits, 1, 1), '') = ''
    )
union all
select
    {{ breach('FMT-04', 'gp_practice_code') }}
from {{ ref('dq_rows') }} as rows_read
where not {{ matches_pattern('rows_read.gp_practice_code', '^[A-HJ-NPVWY][0-9]{5}$') }}
union all
select
    {{ breach('FMT-05', 'provider_cqc_location_id') }}
from {{ ref('dq_rows') }} as rows_read
where not {{ matches_pattern('rows_read.provider_cqc_location_id', '^1-[0-9]{5,12}$') }}
union all
-- Of the letters, Q V X never stand first, I J Z second, C I K M O V in the last two, I L O Q Z after a figure.
select
    {{ breach('FMT-06', 'postcode') }}
from {{ ref('dq_rows') }} as rows_read
where
    not {{ matches_pattern(
        'rows_read.postcode',
        '^(GIR 0AA|ZZ99 [0-9][A-Z]{2}'
        ~ '|[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKMNPR-Y]? [0-9][ABD-HJLNP-UW-Z]{2})$'
    ) }}
union all
select
    {{ breach('FMT-07', 'unit_cost') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.unit_cost is not null
    and (
        rows_read.unit_cost_number is null
        or rows_read.unit_cost_number < 0
        or rows_read.unit_cost_number >= 1e16
    )
union all
select
    {{ breach('FMT-08', 'planned_units_per_week') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.planned_units_per_week is not null
    and (
        rows_read.planned_units_number is null
        or rows_read.planned_units_number < 0
        or rows_read.planned_units_number >= 1e16
    )
union all
select
    {{ breach('FMT-09', 'no_of_adults_being_cared_for') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.no_of_adults_being_cared_for is not null
    and not {{ matches_pattern('rows_read.no_of_adults_being_cared_for', '^[0-9]+$') }}
union all
select
    {{ breach('FMT-10', 'la_code') }}
from {{ ref('dq_rows') }} as rows_read
left join council_codes on rows_read.la_code = council_codes.cassr_code
where council_codes.cassr_code is null
{% for field in [
    'la_person_unique_identifier', 'adult_1_linked_person_id', 'adult_2_linked_person_id',
    'adult_3_linked_person_id'
] %}
union all
select
    {{ breach('FMT-11', field) }}
from {{ ref('dq_rows') }} as rows_read
where not {{ matches_pattern('rows_read.' ~ field, '^[A-Za-z0-9]+$') }}
{% endfor %}
union all
select
    {{ breach('FMT-12', 'event_reference') }}
from {{ ref('dq_rows') }} as rows_read
where
    not {{ matches_pattern('rows_read.event_reference', '^[A-Za-z0-9]+$') }}
    {% for identifier in [
        'rows_read.first_name', 'rows_read.last_name', "replace(rows_read.postcode, ' ', '')",
        "replace(rows_read.nhs_number, ' ', '')",
        day_as_text('rows_read.date_of_birth_day', '%d%m%Y'),
        day_as_text('rows_read.date_of_birth_day', '%Y%m%d')
    ] %}
or (
    length({{ identifier }}) >= 3
    and position(lower({{ identifier }}) in lower(rows_read.event_reference)) > 0
)
{% endfor %}
-- The other fields have lists, dates or numbers of their own, which no formula is; LST-19 has no list yet.
{% for field in cld_fields('text') + ['total_hrs_caring_per_week'] %}
union all
select
    {{ breach('FMT-13', field) }}
from {{ ref('dq_rows') }} as rows_read
where {{ begins_like_a_formula('rows_read.' ~ field) }}
{% endfor %}
