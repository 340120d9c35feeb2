{#- A list of the council's own: rule_settings, accepted_exceptions or unread_limits. The file of that name in the folder
    of the setting `rules_path`, all text, where it is there; else the seed. -#}
{% macro own_list(name) -%}
    {%- set seed = ref(name) -%}
    {%- if execute and own_list_file(name) -%}
        {{- return(csv_rows(own_list_file(name))) -}}
    {%- endif -%}
    {{- return(seed) -}}
{%- endmacro %}

{#- The path of the council's own file, '' where there is none. -#}
{% macro own_list_file(name) -%}
    {%- set folder = setting('rules_path') -%}
    {%- if not folder -%}
        {{- return('') -}}
    {%- endif -%}
    {%- if target.type != 'duckdb' -%}
        {{- exceptions.raise_compiler_error(
            "rules_path: a folder of one council's own lists is read on DuckDB only. For many councils put their"
            ~ " rows into the seeds rule_settings, accepted_exceptions and unread_limits."
        ) -}}
    {%- endif -%}
    {%- set path = folder ~ '/' ~ name ~ '.csv' -%}
    {%- set found = run_query("select count(*) from glob('" ~ path | replace("'", "''") ~ "')") -%}
    {{- return(path if found.rows[0][0] else '') -}}
{%- endmacro %}
