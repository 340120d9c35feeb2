{#- Every model column that says which field of the return it holds (meta cld_field: its header),
    with its class of personal data. Read from dbt's own graph. -#}
{% macro field_columns_in_project() -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values()
                | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') -%}
            {%- for column in node.columns.values() -%}
                {%- set meta = column.config.meta if column.config else column.meta -%}
                {%- if meta.get('cld_field') is not none -%}
                    {%- do found.append(
                        [node.schema, node.name, column.name, meta.cld_field, meta.get('pii', '')]
                    ) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(rows_as_table(['layer', 'model', 'model_column', 'cld_field', 'pii'], found)) }}
{%- endmacro %}
