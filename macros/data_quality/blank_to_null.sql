{#- A cell with nothing but spaces is blank; any other cell stays letter for letter. -#}
{% macro blank_to_null(column) -%}
    case when {{ is_only_spaces(column) }} then null else {{ column }} end
{%- endmacro %}

{#- The first comparison is cheap and rules out nearly every cell before the costly trim: in byte order
    spaces, tabs and line breaks come before '!'. The no-break space (160) does not. -#}
{% macro is_only_spaces(column) -%}
    (
        ({{ column }} < '!' or {{ column }} like chr(160) || '%')
        and trim(both ' ' || chr(9) || chr(10) || chr(13) || chr(160) from {{ column }}) = ''
    )
{%- endmacro %}
