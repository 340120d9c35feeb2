{#- BOOLEAN from the words for yes and no of the vocabulary 'flag'; an empty cell and any other word
    are null. -#}
{% macro parse_flag(column) -%}
    {{ meaning_of('flag', word_key(clean_text(column))) }} = 'TRUE'
{%- endmacro %}
