{#- A count rounded to the nearest share_rounding (1 leaves it as it is). -#}
{% macro rounded_count(column) -%}
    {%- set base = setting('share_rounding') -%}
    cast(round(cast({{ column }} as double) / {{ base }}) * {{ base }} as bigint)
{%- endmacro %}
