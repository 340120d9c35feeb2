-- The latest known details of each person, one row per council and person, before any repair.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02
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

-- Most rows of a person say the same: those are one, and the latest of them speaks for all.
different_details as (

    select
        person_rows.la_code,
        person_rows.der_nhs_la_combined_person_id,
        {%- for detail in details %}
        person_rows.{{ detail }},
        person_rows.{{ detail }}_known,
        {%- endfor %}
        -- One order for all details: the digits of the three days, one after the other.
        max(
            {%- for day in ['ref_period_end_date', 'end_date', 'event_start_date'] %}
            (
                year(person_rows.{{ day }}) * 10000
                + month(person_rows.{{ day }}) * 100
                + day(person_rows.{{ day }})
            ) * cast(1{{ '00000000' * (3 - loop.index) }} as decimal(38, 0))
            {{- ' +' if not loop.last }}
            {%- endfor %}
        ) as latest
    from person_rows
    group by
        person_rows.la_code,
        person_rows.der_nhs_la_combined_person_id
        {%- for detail in details %},
        person_rows.{{ detail }},
        person_rows.{{ detail }}_known
        {%- endfor %}

),

-- A better known value goes before a later one, whatever the place of its row.
placed_rows as (

    select
        different_details.la_code,
        different_details.der_nhs_la_combined_person_id,
        {%- for detail in details %}
        different_details.{{ detail }},
        different_details.latest
        + different_details.{{ detail }}_known * cast(1000000000000000000000000 as decimal(38, 0))
            as {{ detail }}_place{{ ',' if not loop.last }}
        {%- endfor %}
    from different_details

),

first_places as (

    select
        placed_rows.la_code,
        placed_rows.der_nhs_la_combined_person_id,
        {%- for detail in details %}
        max(placed_rows.{{ detail }}_place) as {{ detail }}_place{{ ',' if not loop.last }}
        {%- endfor %}
    from placed_rows
    group by placed_rows.la_code, placed_rows.der_nhs_la_combined_person_id

),

-- The values in first place, from the first to the last by letter: two, where rows disagree.
values_in_first_place as (

    select
        placed_rows.la_code,
        placed_rows.der_nhs_la_combined_person_id,
        {%- for detail in details %}
        {%- for first_or_last in ['min', 'max'] %}
        {{ first_or_last }}(
            case
                when placed_rows.{{ detail }}_place = first_places.{{ detail }}_place
                    then placed_rows.{{ detail }}
            end
        ) as {{ first_or_last }}_{{ detail }}{{ ',' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    from placed_rows
    inner join first_places
        on
            placed_rows.la_code = first_places.la_code
            and placed_rows.der_nhs_la_combined_person_id
            = first_places.der_nhs_la_combined_person_id
    group by placed_rows.la_code, placed_rows.der_nhs_la_combined_person_id

)

select
    known.la_code,
    known.der_nhs_la_combined_person_id,
    {%- for detail, unknown in details.items() %}
    case
        when known.min_{{ detail }} = known.max_{{ detail }} then known.min_{{ detail }}
        else {{ unknown }}
    end as {{ detail }}{{ ',' if not loop.last }}
    {%- endfor %}
from values_in_first_place as known
