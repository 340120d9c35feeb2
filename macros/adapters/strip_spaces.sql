{#- Spaces of all kinds (no-break, thin, tabs, line breaks: exports from web screens and Excel are full of
    them) are gone at both ends and one plain space inside; characters that nobody sees (zero-width, byte
    order mark, soft hyphen, marks of writing direction) are gone everywhere. -#}
{% macro strip_spaces(column) -%}
    {{ return(adapter.dispatch('strip_spaces', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__strip_spaces(column) -%}
    trim(regexp_replace(
        regexp_replace({{ column }}, '[\p{Cf}\x{034F}\x{FE00}-\x{FE0F}]+', '', 'g'),
        '[\s\p{Z}\p{Cc}]+', ' ', 'g'
    ))
{%- endmacro %}

{#- Whether strip_spaces() would change nothing: plain letters, single plain spaces inside. -#}
{% macro is_plain_text(column) -%}
    {{ return(adapter.dispatch('is_plain_text', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__is_plain_text(column) -%}
    regexp_full_match({{ column }}, '[!-~]+(?: [!-~]+)*')
{%- endmacro %}

{% macro spark__strip_spaces(column) -%}
    trim(regexp_replace(
        regexp_replace({{ column }}, r'[\p{Cf}\x{034F}\x{FE00}-\x{FE0F}]+', ''), r'[\s\p{Z}\p{Cc}]+', ' '
    ))
{%- endmacro %}

{% macro spark__is_plain_text(column) -%}
    regexp_like({{ column }}, r'^[!-~]+(?: [!-~]+)*\z')
{%- endmacro %}
