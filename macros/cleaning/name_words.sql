{#- The words of a name in the order of the alphabet, so that SMITH, Jane is Jane Smith; without titles and initials. -#}
{% macro name_words(name) -%}
    list_sort(list_distinct(list_filter(
        regexp_extract_all(lower({{ name }}), '[\p{L}]+'),
        lambda word: len(word) > 1 and word not in ('mr', 'mrs', 'ms', 'miss', 'mx', 'dr')
    )))
{%- endmacro %}
