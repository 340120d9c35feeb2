{#- Whether a text holds a character that nobody sees, or a space that is not the plain one. -#}
{% macro holds_unseen(column) -%}
    {{ return(adapter.dispatch('holds_unseen', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__holds_unseen(column) -%}
    regexp_matches({{ column }}, '{{ unseen() }}')
{%- endmacro %}

{#- The text with other words for each such character. -#}
{% macro unseen_replaced(column, by) -%}
    {{ return(adapter.dispatch('unseen_replaced', 'asc_cld')(column, by)) }}
{%- endmacro %}

{% macro duckdb__unseen_replaced(column, by) -%}
    regexp_replace({{ column }}, '{{ unseen() }}', '{{ by }}', 'g')
{%- endmacro %}

{#- Marks of format and control, variation selectors, and all spaces but the plain one. -#}
{% macro unseen() -%}
    [\p{Cc}\p{Cf}\p{Zl}\p{Zp}\x{034F}\x{FE00}-\x{FE0F}\x{A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]
{%- endmacro %}

{% macro spark__holds_unseen(column) -%}
    regexp_like({{ column }}, r'{{ unseen() }}')
{%- endmacro %}

{% macro spark__unseen_replaced(column, by) -%}
    regexp_replace({{ column }}, r'{{ unseen() }}', '{{ by }}')
{%- endmacro %}
