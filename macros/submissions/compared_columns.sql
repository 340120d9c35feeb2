{#- Columns of sub_rows whose change between two submissions is worth telling: all but those that say
    which event it is, the stated period and the names of people and practices. -#}
{% macro compared_columns() -%}
    {%- set left_out = [
        'la_code', 'reporting_period_start_date', 'reporting_period_end_date', 'first_name',
        'last_name', 'gp_practice_name', 'provider_cqc_location_name',
        'la_person_unique_identifier', 'event_type', 'event_reference', 'event_start_date',
        'event_end_date',
    ] -%}
    {%- set columns = seed_values('spec_fields', 'snake_name') if execute else [] -%}
    {{ return(columns | reject('in', left_out) | list) }}
{%- endmacro %}
