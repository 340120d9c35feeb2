{#- A seed without rows leaves no file on Spark: who reads the tables as files would miss it. So nothing is
    inserted into it, which writes one with its columns. -#}
{% macro spark__create_csv_table(model, agate_table) %}
    {%- set sql = dbt.spark__create_csv_table(model, agate_table) -%}
    {%- if agate_table.rows | length == 0 -%}
        {%- do run_query('insert into ' ~ this.render() ~ ' select * from ' ~ this.render() ~ ' where false') -%}
    {%- endif -%}
    {{ return(sql) }}
{% endmacro %}
