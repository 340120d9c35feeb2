{#- A cell with nothing but spaces is blank; any other cell stays letter for letter. -#}
{% macro blank_to_null(column) -%}
    case when {{ is_only_spaces(column) }} then null else {{ column }} end
{%- endmacro %}

{#- Spaces of every kind, and what nobody sees, as strip_spaces has it. The first comparison is cheap and rules out
    nearly every cell before the costly one: in byte order spaces, tabs and line breaks come before '!', and all that is
    not plain ASCII after '~'. -#}
{% macro is_only_spaces(column) -%}
    (({{ column }} < '!' or {{ column }} > '~') and {{ strip_spaces(column) }} = '')
{%- endmacro %}
