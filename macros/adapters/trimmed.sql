{#- A text without spaces at its ends: the plain one, the no-break space and all others that stand between words
    (Unicode's Zs); tabs and line breaks stay. -#}
{% macro trimmed(text) -%}
    {{ return(adapter.dispatch('trimmed', 'asc_cld')(text)) }}
{%- endmacro %}

{% macro duckdb__trimmed(text) -%}
    trim({{ text }})
{%- endmacro %}

{#- Spark's own trim() takes the plain space alone. -#}
{% macro spark__trimmed(text) -%}
    trim(both '{{ spaces() }}' from {{ text }})
{%- endmacro %}

{#- The same at the end only. -#}
{% macro end_trimmed(text) -%}
    {{ return(adapter.dispatch('end_trimmed', 'asc_cld')(text)) }}
{%- endmacro %}

{% macro duckdb__end_trimmed(text) -%}
    rtrim({{ text }})
{%- endmacro %}

{% macro spark__end_trimmed(text) -%}
    trim(trailing '{{ spaces() }}' from {{ text }})
{%- endmacro %}

{% macro spaces() -%}
    {{- return(' \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000') -}}
{%- endmacro %}
