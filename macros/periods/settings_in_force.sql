{#- All settings as JSON text, except folders (they name the machine), the officers who sign, what one
    command tells another, and how large a file is opened. -#}
{% macro settings_in_force() -%}
    {%- set beside = var('settings_beside') -%}
    {%- set left_out = beside.signatures + beside.controller + beside.limits + ['with_earlier_state'] -%}
    {%- set found = {} -%}
    {%- for name in var('defaults') | sort if not name.endswith('_path') and name not in left_out -%}
        {%- do found.update({name: given_setting(name)}) -%}
    {%- endfor -%}
    {{ return(tojson(found)) }}
{%- endmacro %}
