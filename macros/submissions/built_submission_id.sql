{#- Name of the return built here among the submissions: council, last day of the period, 'built'. -#}
{% macro built_submission_id() -%}
    '{{ setting("la_code") }}-{{ setting("reporting_period_end") | replace("-", "") }}-built'
{%- endmacro %}
