{#- A relation turned on its side: one row for each record and filled column, all as text. The key is
    an expression over the relation's columns. -#}
{% macro unpivoted(relation, key) -%}
    {{ return(adapter.dispatch('unpivoted', 'asc_cld')(relation, key)) }}
{%- endmacro %}

{% macro duckdb__unpivoted(relation, key) -%}
    (
        unpivot (
            select
                cast({{ key }} as varchar) as source_record_id,
                cast(columns(* exclude (source_row)) as varchar)
            from {{ relation }}
        )
        on columns(* exclude (source_record_id))
        into name source_column value raw_value
    )
{%- endmacro %}
