{#- Columns of sub_rows whose change between two submissions is worth telling: all but the stated period,
    the names of people and places, the reference (it says nothing about the event: the centre ignores
    it) and the two dates, which are compared on their own. -#}
{% macro compared_columns() -%}
    {%- set left_out = [
        'la_code', 'reporting_period_start_date', 'reporting_period_end_date', 'first_name',
        'last_name', 'gp_practice_name', 'provider_cqc_location_name', 'event_reference',
        'event_start_date', 'event_end_date',
    ] -%}
    {%- set columns = seed_values('spec_fields', 'snake_name') if execute else [] -%}
    {{ return(columns | reject('in', left_out) | list) }}
{%- endmacro %}

{#- What a cell means, so that 10 and 10.00, two ways to write a day or blanks at the end are no change. -#}
{% macro compared_value(row, column) -%}
    {%- set typed = {
        'date_of_birth': 'date_of_birth_date',
        'date_of_death': 'date_of_death_date',
        'unit_cost': 'unit_cost_value',
        'planned_units_per_week': 'planned_units_per_week_value',
        'no_of_adults_being_cared_for': 'no_of_adults_being_cared_for_value',
    } -%}
    {%- if column == 'nhs_number' -%}
        nullif(replace({{ row }}.nhs_number, ' ', ''), '')
    {%- elif column in typed -%}
        coalesce(cast({{ row }}.{{ typed[column] }} as string), nullif({{ trimmed(row ~ '.' ~ column) }}, ''))
    {%- else -%}
        nullif({{ trimmed(row ~ '.' ~ column) }}, '')
    {%- endif -%}
{%- endmacro %}
