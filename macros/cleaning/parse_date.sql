{#- DATE from text, as read_timestamp() reads it. Null where the text is no date, a placeholder of the seed
    placeholder_dates, or a day that nobody can have meant (unreadable_columns() names the last). -#}
{% macro parse_date(column) -%}
    {{- real_day(read_date(column), column) -}}
{%- endmacro %}
