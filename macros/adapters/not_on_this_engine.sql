{#- For macros that only the layers of one council's extracts call, which run on DuckDB (docs/scale.md). -#}
{% macro not_on_this_engine(name) -%}
    {%- if execute -%}
        {{- exceptions.raise_compiler_error(
            name ~ '() has no form for ' ~ target.type ~ ': what is made of extracts runs on DuckDB.'
        ) -}}
    {%- endif -%}
    null
{%- endmacro %}
