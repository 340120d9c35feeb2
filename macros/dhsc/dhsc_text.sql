{#- Text of a field that DHSC does not clean: as sent, but from sep2026 on the word NULL is no text. -#}
{% macro dhsc_text(column) -%}
    {%- if setting('method_version') == 'jun2026' -%}
    {{ column }}
    {%- else -%}
    case when lower({{ end_trimmed(column) }}) != 'null' then {{ column }} end
    {%- endif -%}
{%- endmacro %}
