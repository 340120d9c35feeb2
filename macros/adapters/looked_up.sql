{#- The value that stands beside a key in a few rows of a relation; null where the key is not among them. A
    map that is looked up, not a join: a row has many such cells, and a join for each would hide the row.
    A key stands there once, or always with the same value. -#}
{% macro looked_up(relation, key_column, value_column, condition, key) -%}
    {{ return(adapter.dispatch('looked_up', 'asc_cld')(relation, key_column, value_column, condition, key)) }}
{%- endmacro %}

{% macro duckdb__looked_up(relation, key_column, value_column, condition, key) -%}
    (
        select map_from_entries(list(distinct (known.{{ key_column }}, known.{{ value_column }})))
        from {{ relation }} as known
        where {{ condition }}
    )[{{ key }}]
{%- endmacro %}

{% macro spark__looked_up(relation, key_column, value_column, condition, key) -%}
    (
        select map_from_entries(collect_set(struct(known.{{ key_column }}, known.{{ value_column }})))
        from {{ relation }} as known
        where {{ condition }}
    )[{{ key }}]
{%- endmacro %}
