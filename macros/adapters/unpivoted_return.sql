{#- The text rows of the return on their side: one row for each filled cell. -#}
{% macro unpivoted_return(relation) -%}
    {{ return(adapter.dispatch('unpivoted_return', 'asc_cld')(relation)) }}
{%- endmacro %}

{% macro duckdb__unpivoted_return(relation) -%}
    (
        unpivot {{ relation }}
        on columns(* exclude (cld_row_id, row_number))
        into name snake_name value cld_value
    )
{%- endmacro %}
