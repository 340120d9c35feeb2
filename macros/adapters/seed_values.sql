{#- The distinct values of a seed's column, read from its CSV file, so that they are known before the
    seed has ever been loaded. -#}
{% macro seed_values(seed, column) -%}
    {%- set seed_node = graph.nodes['seed.' ~ project_name ~ '.' ~ seed] -%}
    {%- set path = seed_node.root_path ~ '/' ~ seed_node.original_file_path -%}
    {{- return(adapter.dispatch('csv_values', 'asc_cld')(path, column)) -}}
{%- endmacro %}

{% macro duckdb__csv_values(path, column) -%}
    {%- set found = run_query(
        "select distinct " ~ column ~ " as listed_value from read_csv('" ~ path | replace("'", "''")
        ~ "', header = true, all_varchar = true, quote = '\"') where " ~ column ~ " is not null order by 1"
    ) -%}
    {{- return(found.columns[0].values() | list) -}}
{%- endmacro %}
