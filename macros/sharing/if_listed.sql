{#- A value that stands in a code list of the specification, else the word Withheld; null stays null.
    Reads the CTE listed_values of the model it stands in. -#}
{% macro if_listed(column) -%}
    case
        when {{ column }} is null then null
        when lower(trim({{ column }})) in (select listed.value_key from listed_values as listed)
            then {{ column }}
        else 'Withheld'
    end
{%- endmacro %}
