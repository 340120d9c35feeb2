{#- All CSV files of a folder as text columns, or an empty relation with the same columns when the
    folder is not given or holds none. Columns are found by name, in any order and capitals; a file
    that lacks one stops the run and is named. -#}
{% macro read_optional_csv(folder, columns) -%}
    {{ return(adapter.dispatch('read_optional_csv', 'asc_cld')(folder, columns)) }}
{%- endmacro %}

{% macro duckdb__read_optional_csv(folder, columns) -%}
    {%- set files = [] -%}
    {%- if folder and execute -%}
        {%- set files = run_query(
            "select file from glob('" ~ folder | replace("'", "''") ~ "/*.csv') order by file"
        ).columns[0].values() | list -%}
        {%- for file in files -%}
            {%- set headers = run_query(
                "select lower(column_name) from (describe select * from read_csv('"
                ~ file | replace("'", "''") ~ "', all_varchar = true, header = true))"
            ).columns[0].values() | list -%}
            {%- set missing = columns | reject('in', headers) | list -%}
            {%- if missing -%}
                {{ exceptions.raise_compiler_error(
                    "The file " ~ file ~ " has no column " ~ missing | join(', ')
                    ~ "; it needs " ~ columns | join(', ') ~ "."
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if files -%}
    (
        select
            {%- for column in columns %}
            cast("{{ column }}" as varchar) as "{{ column }}"{{ ',' if not loop.last }}
            {%- endfor %}
        from read_csv(
            '{{ folder | replace("'", "''") }}/*.csv',
            all_varchar = true, header = true, union_by_name = true
        )
    )
    {%- else -%}
    (
        select
            {%- for column in columns %}
            cast(null as varchar) as "{{ column }}"{{ ',' if not loop.last }}
            {%- endfor %}
        where false
    )
    {%- endif -%}
{%- endmacro %}
