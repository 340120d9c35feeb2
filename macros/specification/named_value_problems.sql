{#- Named values of the release of this run that its lists do not hold, in plain words: the rules that
    speak of them would never fire. A run stops for them before anything is built. -#}
{% macro named_value_problems() -%}
    {%- set release = setting('cld_release') -%}
    {%- set listed = {} -%}
    {%- for row in seed_rows('spec_code_lists', ['release', 'field', 'value']) if row.release == release -%}
        {%- do listed.setdefault(row.field, []).append(row.value) -%}
    {%- endfor -%}
    {%- set problems = [] -%}
    {%- for row in named_values().get(release, {}).values() if row.value and row.from_release <= release -%}
        {%- set held = [] -%}
        {%- for value in listed.get(row.field, []) -%}
            {%- if value == row.value or (row.value.endswith('*') and value.startswith(row.value[:-1])) -%}
                {%- do held.append(value) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not held -%}
            {%- do problems.append(
                "spec_named_values.csv: " ~ row.value_name ~ " is '" ~ row.value ~ "', which the list of "
                ~ row.field ~ " in " ~ release ~ " does not hold: add a row from " ~ release
                ~ " on with its value there, or with none"
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(problems) -}}
{%- endmacro %}
