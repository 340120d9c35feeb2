{#- The words of a name as they stand, without titles and initials: Mrs M. Smith-Jones is smith, jones. -#}
{% macro name_words(name) -%}
    list_filter(
        regexp_extract_all(lower({{ name }}), '[\p{L}]+'),
        lambda word: len(word) > 1 and word not in ('mr', 'mrs', 'ms', 'miss', 'mx', 'dr')
    )
{%- endmacro %}

{#- The words in the order of the alphabet, each once, so that SMITH, Jane is Jane Smith. -#}
{% macro name_key(words) -%}
    list_sort(list_distinct({{ words }}))
{%- endmacro %}
