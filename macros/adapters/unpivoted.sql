{#- A staged relation turned on its side: one row for each record and filled column, all as text. The key is
    an expression over the relation's columns; words are the columns that stand beside one called
    <column>_recorded, which is then taken instead. -#}
{% macro unpivoted(relation, key, words=[]) -%}
    {{ return(adapter.dispatch('unpivoted', 'asc_cld')(relation, key, words)) }}
{%- endmacro %}

{% macro duckdb__unpivoted(relation, key, words) -%}
    (
        unpivot (
            select
                cast({{ key }} as varchar) as source_record_id,
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
            from {{ relation }}
        )
        on columns(* exclude (source_record_id))
        into name source_column value raw_value
    )
{%- endmacro %}
