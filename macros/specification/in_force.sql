{#- True where a dated row (a mapping, a value of a history) is in force on a day. -#}
{% macro in_force(row_alias, day, from_column='valid_from', to_column='valid_to') -%}
    coalesce({{ row_alias }}.{{ from_column }}, date '0001-01-01') <= {{ day }}
    and coalesce({{ row_alias }}.{{ to_column }}, date '9999-12-31') >= {{ day }}
{%- endmacro %}
