{#- Whose file the rules speak of: the return built here, or the supplied files where none is built. -#}
{% macro origin_checked() -%}
    {{ return('built' if setting('include_built') else 'supplied') }}
{%- endmacro %}
