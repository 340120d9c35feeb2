{#- Text without stray spaces; an empty cell and the word NULL (any capitals) become null. -#}
{% macro clean_text(column) -%}
    case
        when upper(trim({{ strip_spaces(column) }})) in ('', 'NULL') then null
        else trim({{ strip_spaces(column) }})
    end
{%- endmacro %}
