{#- Text without stray spaces at its ends, on one line; an empty cell and the word NULL (any
    capitals) are null. -#}
{% macro clean_text(column) -%}
    {%- set stripped = strip_spaces(column) -%}
    case
        -- Nearly every cell is clean already, and one comparison says so.
        when {{ is_plain_text(column) }}
            then case when length({{ column }}) <> 4 or upper({{ column }}) <> 'NULL' then {{ column }} end
        when upper({{ stripped }}) not in ('', 'NULL') then {{ stripped }}
    end
{%- endmacro %}
