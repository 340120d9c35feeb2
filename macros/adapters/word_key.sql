{#- A word as two spellings of it are compared: small letters, no stray spaces; hyphens, underscores
    and strokes between letters count as spaces. -#}
{% macro word_key(word) -%}
    {{ return(adapter.dispatch('word_key', 'asc_cld')(word)) }}
{%- endmacro %}

{% macro duckdb__word_key(word) -%}
    lower(regexp_replace(
        {{ strip_spaces(word) }}, '([A-Za-z]) *[-_/]+ *([A-Za-z])', '\1 \2', 'g'
    ))
{%- endmacro %}

{% macro default__word_key(word) -%}
    {{ return(not_on_this_engine('word_key')) }}
{%- endmacro %}
