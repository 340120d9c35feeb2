{#- All settings as JSON text, except folders (they name the machine) and the officers who sign. -#}
{% macro settings_in_force() -%}
    {%- set found = {} -%}
    {%- for name in var('defaults') | sort -%}
        {%- if not name.endswith('_path')
                and name not in ['operator', 'prepared_by', 'checked_by', 'approved_by'] -%}
            {%- do found.update({name: setting(name)}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(tojson(found)) }}
{%- endmacro %}
