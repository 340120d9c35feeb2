{#- Text as DHSC's database compares it: capitals and trailing blanks make no difference, and a
    text of blanks only is no text. From sep2026 on the word NULL is no text either. -#}
{% macro dhsc_key(column) -%}
    {%- if setting('method_version') == 'jun2026' -%}
    nullif(lower({{ end_trimmed(column) }}), '')
    {%- else -%}
    nullif(nullif(lower({{ end_trimmed(column) }}), ''), 'null')
    {%- endif -%}
{%- endmacro %}
