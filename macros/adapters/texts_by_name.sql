{#- Some columns of a relation as one map from their names to their texts; blank cells are null. -#}
{% macro texts_by_name(relation, columns) -%}
    {{ return(adapter.dispatch('texts_by_name', 'asc_cld')(relation, columns)) }}
{%- endmacro %}

{% macro duckdb__texts_by_name(relation, columns) -%}
    map(
        [{% for column in columns %}'{{ column }}'{{ ', ' if not loop.last }}{% endfor %}],
        [
            {%- for column in columns %}
            {{ blank_to_null(relation ~ '.' ~ column) }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]
    )
{%- endmacro %}

{% macro spark__texts_by_name(relation, columns) -%}
    map(
        {%- for column in columns %}
        '{{ column }}', {{ blank_to_null(relation ~ '.' ~ column) }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
