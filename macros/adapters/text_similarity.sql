{#- How alike two texts are, from 0 to 1 (1 for the same text). -#}
{% macro text_similarity(text_one, text_two) -%}
    {{ return(adapter.dispatch('text_similarity', 'asc_cld')(text_one, text_two)) }}
{%- endmacro %}

{% macro duckdb__text_similarity(text_one, text_two) -%}
    jaro_winkler_similarity({{ text_one }}, {{ text_two }})
{%- endmacro %}
