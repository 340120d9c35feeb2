{#- A mapped value in the wording that the council chose for its return (eligible_needs_wording). Where
    two values of that wording may stand for the mapped one there is no telling which: null, so that
    the code counts as not mapped. -#}
{% macro in_chosen_wording(field, value) -%}
    {%- set written = {} -%}
    {%- for row in possible_values(setting('cld_release')) if row.wording -%}
        {%- if row.wording == setting('eligible_needs_wording') -%}
            {%- do written.setdefault((row.field, row.in_place_of), []).append(row.value) -%}
        {%- else -%}
            {%- do written.setdefault((row.field, row.value), []).append(row.in_place_of) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not written -%}
        {{- return(value) -}}
    {%- endif -%}
    case
        {%- for (field_of_value, mapped), values in written.items() %}
        when {{ field }} = {{ quoted(field_of_value) }} and {{ value }} = {{ quoted(mapped) }}
            then {{ quoted(values[0]) if values | length == 1 else 'null' }}
        {%- endfor %}
        else {{ value }}
    end
{%- endmacro %}

{#- The rows of spec_possible_values for one release; none while dbt only parses. -#}
{% macro possible_values(release) -%}
    {%- set columns = ['release', 'field', 'value', 'in_place_of', 'wording'] -%}
    {%- set rows = seed_rows('spec_possible_values', columns) if execute else [] -%}
    {{- return(rows | selectattr('release', 'equalto', release) | list) -}}
{%- endmacro %}
