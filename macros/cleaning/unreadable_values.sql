{#- What stands in the columns that unreadable_columns() names, in the same order, as a list: for counting
    what was not understood by its form. Holds what was recorded, so it goes no further than that. -#}
{% macro unreadable_values(columns) -%}
    {{ return(adapter.dispatch('unreadable_values', 'asc_cld')(columns)) }}
{%- endmacro %}

{% macro duckdb__unreadable_values(columns) -%}
    list_filter(
        [
            {%- for column, type in columns.items() %}
            case
                when {{ is_unreadable(column, type) }}
                    then coalesce({{ clean_text('records.' ~ column) }}, '(blank)')
            end{% if not loop.last %},{% endif %}
            {%- endfor %}
        ],
        lambda found: found is not null
    )
{%- endmacro %}
