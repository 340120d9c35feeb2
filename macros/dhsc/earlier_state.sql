{#- A table of the dhsc layer as it was before the latest submission, or none where that state has not
    been computed by this command (asc-cld movement). -#}
{% macro earlier_state(table) -%}
    {%- if execute and setting('with_earlier_state') -%}
        {{- return(load_relation(api.Relation.create(
            database=(target.database or none), schema='dhsc_earlier', identifier=table
        ))) -}}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro %}

{#- What a stopped computation of the earlier state left behind holds people and is of no use to
    anybody: every run that is not part of one drops it. Runs as on-run-start. -#}
{% macro drop_earlier_state() -%}
    {%- if execute and not setting('with_earlier_state') and not setting('without_latest_submission') -%}
        {%- do adapter.drop_schema(api.Relation.create(database=(target.database or none), schema='dhsc_earlier')) -%}
    {%- endif -%}
{%- endmacro %}
