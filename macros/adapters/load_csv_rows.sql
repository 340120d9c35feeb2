{#- dbt-spark 1.11 loads an empty cell of a seed as the text None in a session, and a quotation mark ends the
    text. Here an empty cell stays empty and a text is a literal (quoted). -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(2000) -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select
            {%- for name in agate_table.column_names %}
                cast(given.{{ adapter.quote(name) }} as {{ types.get(name, adapter.convert_type(agate_table, loop.index0)) | replace('varchar', 'string') }})
                {{- ',' if not loop.last }}
            {%- endfor %}
            from values
            {%- for row in chunk %}
                (
                {%- for cell in row -%}
                    {{ 'null' if cell is none else quoted(cell) }}{{ ', ' if not loop.last }}
                {%- endfor -%}
                ){{ ',' if not loop.last }}
            {%- endfor %}
            as given ({% for name in agate_table.column_names %}{{ adapter.quote(name) }}{{ ', ' if not loop.last }}{% endfor %})
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{ return(statements[0]) }}
{% endmacro %}
