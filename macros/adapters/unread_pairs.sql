{#- One row for each name of unreadable_columns, and what stands in that column (in a select list). -#}
{% macro unread_pairs(row_alias) -%}
    {{ return(adapter.dispatch('unread_pairs', 'asc_cld')(row_alias)) }}
{%- endmacro %}

{% macro duckdb__unread_pairs(row_alias) -%}
    unnest(string_split({{ row_alias }}.unreadable_columns, ',')) as source_column,
        unnest(list_transform(
            string_split({{ row_alias }}.unreadable_columns, ','),
            lambda name: {{ row_alias }}.unreadable_values[name]
        )) as recorded_value
{%- endmacro %}

{% macro default__unread_pairs(row_alias) -%}
    {{ return(not_on_this_engine('unread_pairs')) }}
{%- endmacro %}
