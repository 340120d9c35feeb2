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

{#- The number of a row's line in its CSV file, where no cell holds a line break; the header is line 1. -#}
{% macro line_in_file() -%}
    {{- return(adapter.dispatch('line_in_file', 'asc_cld')()) -}}
{%- endmacro %}

{% macro default__line_in_file() -%}
    row_number() over () + 1
{%- endmacro %}

{% macro spark__line_in_file() -%}
    row_number() over (order by monotonically_increasing_id()) + 1
{%- endmacro %}
