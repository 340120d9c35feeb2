{#- The contract's word for what a case system wrote (seed spec_words, the council's map_words); null where
    nobody has said what it means. Only a council can say what an empty cell means: its word is (blank). -#}
{% macro parse_word(column, vocabulary) -%}
    {{ meaning_of(
        vocabulary, word_key("coalesce(" ~ clean_text(column) ~ ", '(blank)')")
    ) }}
{%- endmacro %}
