{#- Stops the run with a sentence, an SQL expression, when it reaches a row. It names file, line and column,
    never what stands there. -#}
{% macro stop_with(sentence) -%}
    {{ return(adapter.dispatch('stop_with', 'asc_cld')(sentence)) }}
{%- endmacro %}

{% macro duckdb__stop_with(sentence) -%}
    error({{ sentence }})
{%- endmacro %}

{% macro spark__stop_with(sentence) -%}
    raise_error({{ sentence }})
{%- endmacro %}
