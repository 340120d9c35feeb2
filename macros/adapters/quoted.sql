{#- A text as an SQL literal. -#}
{% macro quoted(text) -%}
    {{ return(adapter.dispatch('quoted', 'asc_cld')(text)) }}
{%- endmacro %}

{% macro default__quoted(text) -%}
    {{ return("'" ~ text | string | replace("'", "''") ~ "'") }}
{%- endmacro %}

{#- Spark reads a backslash in a text as the begin of another letter. -#}
{% macro spark__quoted(text) -%}
    {{ return("'" ~ text | string | replace("\\", "\\\\") | replace("'", "\\'") ~ "'") }}
{%- endmacro %}
