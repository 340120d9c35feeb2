{#- What a word of a closed vocabulary means; null where nobody has said. -#}
{% macro meaning_of(vocabulary, key) -%}
    {{ looked_up(
        ref('stg_extracts__words'), 'word_key', 'meaning', "known.vocabulary = '" ~ vocabulary ~ "'", key
    ) }}
{%- endmacro %}
