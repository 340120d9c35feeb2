{#- SHA-256 of text (its UTF-8 bytes) as 64 hexadecimal letters. -#}
{% macro sha256_of(text) -%}
    {{ return(adapter.dispatch('sha256_of', 'asc_cld')(text)) }}
{%- endmacro %}

{% macro default__sha256_of(text) -%}
    encode(sha256({{ text }}), 'hex')
{%- endmacro %}

{% macro duckdb__sha256_of(text) -%}
    sha256({{ text }})
{%- endmacro %}

{% macro spark__sha256_of(text) -%}
    sha2({{ text }}, 256)
{%- endmacro %}
