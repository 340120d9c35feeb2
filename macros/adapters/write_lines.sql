{#- Writes lines of text into a file of the target folder, private as everything there. -#}
{% macro write_lines(lines, file_name) -%}
    {{ return(adapter.dispatch('write_lines', 'asc_cld')(lines, file_name)) }}
{%- endmacro %}

{% macro default__write_lines(lines, file_name) -%}
    {%- set target = flags.TARGET_PATH or 'target' -%}
    {#- dbt takes a relative target from the folder of the project, not from where it is started. -#}
    {%- if not (target.startswith('/') or target.startswith('\\') or ':' in target) -%}
        {%- set target = (flags.PROJECT_DIR or '.') ~ '/' ~ target -%}
    {%- endif -%}
    {%- set rows = [] -%}
    {%- for line in lines -%}
        {%- do rows.append('(' ~ loop.index ~ ', ' ~ quoted(line) ~ ')') -%}
    {%- endfor -%}
    {%- do run_query(
        "copy (select line from (values "
        ~ rows | join(', ')
        ~ ") as written (line_number, line) order by line_number) to "
        ~ quoted(target ~ '/' ~ file_name)
        ~ " (format csv, header false, quote '', delimiter e'\\t')"
    ) -%}
{%- endmacro %}

{#- Spark writes folders where its workers are, no file of this machine. -#}
{% macro spark__write_lines(lines, file_name) -%}
    {%- do log(
        file_name ~ ' is not written on Spark; the rules stand above, and in data_quality.dq_summary.', info=true
    ) -%}
{%- endmacro %}
