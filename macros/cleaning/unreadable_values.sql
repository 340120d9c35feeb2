{#- What stands in the typed columns of a raw record, by column: for counting what was not understood by its
    form. Holds what was recorded, so it goes no further than that. -#}
{% macro unreadable_values(columns) -%}
    {{ return(adapter.dispatch('unreadable_values', 'asc_cld')(columns)) }}
{%- endmacro %}

{% macro duckdb__unreadable_values(columns) -%}
    map {
        {%- for column in columns %}
        '{{ column }}': coalesce({{ clean_text('records.' ~ column) }}, '(blank)')
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    }
{%- endmacro %}

{% macro default__unreadable_values(columns) -%}
    {{ return(not_on_this_engine('unreadable_values')) }}
{%- endmacro %}
