{#- Version of the database engine, as it says itself. -#}
{% macro engine_version() -%}
    {{ return(adapter.dispatch('engine_version', 'asc_cld')()) }}
{%- endmacro %}

{% macro default__engine_version() -%}
    version()
{%- endmacro %}
