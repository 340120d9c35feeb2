{#- All settings as JSON text, except folders (they name the machine), the officers who sign, what one
    command tells another, and how large a file is opened. -#}
{% macro settings_in_force() -%}
    {%- set left_out = [
        'operator', 'prepared_by', 'checked_by', 'approved_by', 'with_earlier_state',
        'workbook_mb_max', 'workbook_unpacked_mb_max', 'workbook_cells_max', 'packed_mb_max',
        'controller', 'controller_contact', 'data_protection_officer',
    ] -%}
    {%- set found = {} -%}
    {%- for name in var('defaults') | sort if not name.endswith('_path') and name not in left_out -%}
        {%- do found.update({name: given_setting(name)}) -%}
    {%- endfor -%}
    {{ return(tojson(found)) }}
{%- endmacro %}
