{#- The rows of a CSV file as text, blanks as null: what stands behind `from`. -#}
{% macro csv_rows(path) -%}
    {{- return(adapter.dispatch('csv_rows', 'asc_cld')(path)) -}}
{%- endmacro %}

{% macro duckdb__csv_rows(path) -%}
    read_csv(
        '{{ path | replace("'", "''") }}',
        header = true, all_varchar = true, delim = ',', quote = '"', escape = '"'
    )
{%- endmacro %}

{#- A view of this session, which lasts as long as the run, with a name made of the whole path. -#}
{% macro spark__csv_rows(path) -%}
    {%- set view = 'csv_' ~ modules.re.sub('[^A-Za-z0-9]', '_', path) -%}
    {%- do run_query(
        'create or replace temporary view ' ~ view ~ ' using csv options (path ' ~ quoted(path)
        ~ ", header 'true', multiLine 'true', escape '\"', encoding 'UTF-8')"
    ) -%}
    {{- return(view) -}}
{%- endmacro %}
