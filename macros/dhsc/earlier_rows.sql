{#- The rows of a table of headlines as it was before the latest submission, with the submission they are compared
    with; no row where that state has not been computed. `columns` are names and types. A run stands for the councils
    whose earlier submission ends with its period. -#}
{% macro earlier_rows(table, columns) -%}
    {%- set headline = earlier_state(table) -%}
    {%- set states = earlier_state('dhsc_headline_states') -%}
    {%- if headline and states -%}
    select
        {%- for column in columns %}
        headline.{{ adapter.quote(column) }},
        {%- endfor %}
        compared_files.previous_submission_id as for_submission_id
    from {{ headline }} as headline
    inner join {{ states }} as states
        on headline.la_code = states.la_code
    inner join {{ ref('sub_compared_files') }} as compared_files
        on
            states.la_code = compared_files.la_code
            and states.period_end = compared_files.previous_period_end
    {%- else -%}
    select
        {%- for column, type in columns.items() %}
        cast(null as {{ type }}) as {{ adapter.quote(column) }},
        {%- endfor %}
        cast(null as string) as for_submission_id
    where false
    {%- endif -%}
{%- endmacro %}
