{#- The distinct values of a seed's column, read from its CSV file, so that they are known before the
    seed has ever been loaded. -#}
{% macro seed_values(seed, column) -%}
    {{- return(seed_rows(seed, [column]) | map(attribute=column) | select | unique | sort | list) -}}
{%- endmacro %}

{#- The rows of a seed as dictionaries of text, read from its CSV file in the same way. -#}
{% macro seed_rows(seed, columns) -%}
    {{- return(adapter.dispatch('rows_of_csv', 'asc_cld')(seed_path(seed), columns)) -}}
{%- endmacro %}

{% macro duckdb__rows_of_csv(path, columns) -%}
    {%- set found = run_query(
        "select " ~ columns | join(', ') ~ " from read_csv('" ~ path | replace("'", "''")
        ~ "', header = true, all_varchar = true, quote = '\"')"
    ) -%}
    {%- set rows = [] -%}
    {%- for row in found.rows -%}
        {%- set cells = {} -%}
        {%- for column in columns -%}
            {%- do cells.update({column: row[loop.index0] | string if row[loop.index0] is not none else ''}) -%}
        {%- endfor -%}
        {%- do rows.append(cells) -%}
    {%- endfor -%}
    {{- return(rows) -}}
{%- endmacro %}

{% macro spark__rows_of_csv(path, columns) -%}
    {%- set rows = [] -%}
    {%- for row in run_query('select ' ~ columns | join(', ') ~ ' from ' ~ csv_rows(path)).rows -%}
        {%- set cells = {} -%}
        {%- for column in columns -%}
            {%- do cells.update({column: row[loop.index0] | string if row[loop.index0] is not none else ''}) -%}
        {%- endfor -%}
        {%- do rows.append(cells) -%}
    {%- endfor -%}
    {{- return(rows) -}}
{%- endmacro %}
