{#- All CSV files of a folder as text columns, or an empty relation with the same columns when the
    folder is not given or holds none. Columns are found by name, whatever their order. -#}
{% macro read_optional_csv(folder, columns) -%}
    {{ return(adapter.dispatch('read_optional_csv', 'asc_cld')(folder, columns)) }}
{%- endmacro %}

{% macro duckdb__read_optional_csv(folder, columns) -%}
    {%- set has_files = false -%}
    {%- if folder and execute -%}
        {%- set found = run_query("select count(*) from glob('" ~ folder ~ "/*.csv')") -%}
        {%- set has_files = found.columns[0].values()[0] > 0 -%}
    {%- endif -%}
    {%- if has_files -%}
    (
        select
            {%- for column in columns %}
            cast({{ column }} as varchar) as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from read_csv(
            '{{ folder }}/*.csv',
            all_varchar = true, header = true, union_by_name = true
        )
    )
    {%- else -%}
    (
        select
            {%- for column in columns %}
            cast(null as varchar) as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        where false
    )
    {%- endif -%}
{%- endmacro %}
