{#- TIMESTAMP from text: a date as parse_date() reads it, with or without hh:mm[:ss]. A time that
    cannot be read counts as midnight, because the day is what the return needs. -#}
{% macro parse_timestamp(column) -%}
    {{ parse_date(column) }}
    + coalesce({{ read_time(column) }}, interval 0 second)
{%- endmacro %}
