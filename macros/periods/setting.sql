{#- One setting as text: --vars wins, then the environment variable CLD_<NAME>, then the default
    in dbt_project.yml. Settings that follow from others are worked out here and nowhere else. -#}
{% macro setting(name) -%}
    {%- set defaults = var('defaults') -%}
    {%- if name not in defaults -%}
        {{ exceptions.raise_compiler_error("There is no setting called '" ~ name ~ "'.") }}
    {%- endif -%}
    {%- set given = var(name, none) -%}
    {%- if given is none -%}
        {%- set given = env_var('CLD_' ~ name | upper, '') -%}
    {%- endif -%}
    {%- if given | string | trim == '' -%}
        {%- set given = defaults[name] -%}
    {%- endif -%}
    {%- set given = given | string | trim -%}
    {%- if given == '' and name == 'reporting_period_start' -%}
        {%- set given = twelve_months_before(setting('reporting_period_end')) -%}
    {%- elif given == '' and name == 'submissions_as_of' -%}
        {%- set given = setting('submission_date') -%}
    {%- endif -%}
    {{- return(given) -}}
{%- endmacro %}
