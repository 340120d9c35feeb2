{#- A listed field of dq_rows as it stands in the file, where the rules read the value that took its place. -#}
{% macro as_submitted(rows, field) -%}
    coalesce({{ rows }}.submitted_words['{{ field }}'], {{ rows }}.{{ field }})
{%- endmacro %}
