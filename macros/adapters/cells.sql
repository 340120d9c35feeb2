{#- The cells of a relation on their side, what stands behind `from`: the keys, field_name and field_value, one
    row for each row and field, blank or not. DuckDB reads one column after the other and takes a condition on
    field_value into each; Spark would go through the rows once for each of them, and turns every row instead. -#}
{% macro cells(relation, keys, fields) -%}
    {{ return(adapter.dispatch('cells', 'asc_cld')(relation, keys, fields)) }}
{%- endmacro %}

{% macro duckdb__cells(relation, keys, fields) -%}
    (
        {%- for field in fields %}
        select {{ keys | join(', ') }}, '{{ field }}' as field_name, {{ field }} as field_value
        from {{ relation }}
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    )
{%- endmacro %}

{% macro spark__cells(relation, keys, fields) -%}
    (
        select
            {{ keys | join(', ') }},
            stack(
                {{ fields | length }}
                {%- for field in fields %},
                '{{ field }}', {{ field }}
                {%- endfor %}
            ) as (field_name, field_value)
        from {{ relation }}
    )
{%- endmacro %}
