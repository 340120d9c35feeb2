{#- Stops the run with a sentence, an SQL expression, when it reaches a row. It names file, line and column,
    never what stands there. -#}
{% macro stop_with(sentence) -%}
    {{ return(adapter.dispatch('stop_with', 'asc_cld')(sentence)) }}
{%- endmacro %}

{% macro duckdb__stop_with(sentence) -%}
    {#- By its first word asc_cld/plugins/no_cells.py knows a sentence of ours from one of DuckDB's about data. -#}
    error('Stopped: ' || {{ sentence }})
{%- endmacro %}

{% macro spark__stop_with(sentence) -%}
    raise_error({{ sentence }})
{%- endmacro %}
