{#- The file of a seed. dbt's unit tests know no graph; there the folder of the project is asked. -#}
{% macro seed_path(seed) -%}
    {%- if 'nodes' in graph -%}
        {%- set node = graph.nodes['seed.' ~ project_name ~ '.' ~ seed] -%}
        {{- return(node.root_path ~ '/' ~ node.original_file_path) -}}
    {%- endif -%}
    {%- set room = 'specification' if seed.startswith('spec_') else 'reference' -%}
    {{- return(invocation_args_dict['project_dir'] ~ '/seeds/' ~ room ~ '/' ~ seed ~ '.csv') -}}
{%- endmacro %}
