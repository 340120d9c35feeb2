{#- An amount from a cell of a submission: digits with an optional sign and decimal point; null for
    anything else, thousands separators and currency signs included. -#}
{% macro submitted_amount(column, data_type='decimal(18, 2)') -%}
    case
        when {{ matches_pattern(column, '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$') }}
            then try_cast({{ column }} as {{ data_type }})
    end
{%- endmacro %}
