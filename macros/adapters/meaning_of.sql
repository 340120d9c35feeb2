{#- What a word of a closed vocabulary means; null where nobody has said. A map that is looked up, not a
    join: a record has many such words, and a join for each would hide the record. -#}
{% macro meaning_of(vocabulary, key) -%}
    {{ return(adapter.dispatch('meaning_of', 'asc_cld')(vocabulary, key)) }}
{%- endmacro %}

{% macro duckdb__meaning_of(vocabulary, key) -%}
    (
        select map_from_entries(list((words.word_key, words.meaning)))
        from {{ ref('stg_extracts__words') }} as words
        where words.vocabulary = '{{ vocabulary }}'
    )[{{ key }}]
{%- endmacro %}
