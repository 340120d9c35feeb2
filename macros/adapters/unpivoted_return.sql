{#- The text rows of the return on their side: one row for each filled cell, or for each cell. -#}
{% macro unpivoted_return(relation, with_blanks=false) -%}
    {{ return(adapter.dispatch('unpivoted_return', 'asc_cld')(relation, with_blanks)) }}
{%- endmacro %}

{% macro duckdb__unpivoted_return(relation, with_blanks) -%}
    (
        select * from {{ relation }}
        unpivot {{ 'include nulls ' if with_blanks }}(
            cld_value for snake_name in (columns(* exclude (cld_row_id, row_number)))
        )
    )
{%- endmacro %}

{% macro default__unpivoted_return(relation, with_blanks) -%}
    {{ return(not_on_this_engine('unpivoted_return')) }}
{%- endmacro %}
