{#- A cell as it stands in the file: nothing when empty, quoted only where CSV needs it. -#}
{% macro csv_cell(column) -%}
    case
        when {{ column }} is null then ''
        when {{ matches_pattern(column, '[",\r\n]') }}
            then '"' || replace({{ column }}, '"', '""') || '"'
        else {{ column }}
    end
{%- endmacro %}
