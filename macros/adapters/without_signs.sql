{#- Text without any character that a pattern fits (a class of letters like [^a-z0-9], which all engines
    read alike), wherever it stands. Engines differ in whether the first one or all of them go. -#}
{% macro without_signs(text, pattern) -%}
    {{ return(adapter.dispatch('without_signs', 'asc_cld')(text, pattern)) }}
{%- endmacro %}

{% macro default__without_signs(text, pattern) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '', 'g')
{%- endmacro %}

{% macro spark__without_signs(text, pattern) -%}
    regexp_replace({{ text }}, {{ java_pattern(pattern) }}, '')
{%- endmacro %}
