{#- A staged relation turned on its side: one row for each record and filled column, all as text. The key is
    an expression over the relation's columns; words are the columns that stand beside one called
    <column>_recorded, which is then taken instead. All columns are taken unless some are named. -#}
{% macro unpivoted(relation, key, words=[], columns=none) -%}
    {{ return(adapter.dispatch('unpivoted', 'asc_cld')(relation, key, words, columns)) }}
{%- endmacro %}

{% macro duckdb__unpivoted(relation, key, words, columns) -%}
    (
        unpivot (
            select
                cast({{ key }} as varchar) as source_record_id,
                {%- if columns is not none %}
                {%- for column in columns %}
                {%- set from_column = column ~ '_recorded' if column in words else column %}
                cast({{ from_column }} as varchar) as {{ column }}{{ ',' if not loop.last }}
                {%- endfor %}
                {%- else %}
                cast(columns(
                    * exclude (
                        source_row, unreadable_columns, unreadable_values
                        {%- for word in words %}, {{ word }}_recorded{% endfor %}
                    )
                    {%- if words %} replace (
                        {%- for word in words %}{{ word }}_recorded as {{ word }}
                        {%- if not loop.last %}, {% endif %}{% endfor -%}
                    ){% endif %}
                ) as varchar)
                {%- endif %}
            from {{ relation }}
        )
        on columns(* exclude (source_record_id))
        into name source_column value raw_value
    )
{%- endmacro %}

{% macro default__unpivoted(relation, key, words, columns) -%}
    {{ return(not_on_this_engine('unpivoted')) }}
{%- endmacro %}
