{#- Sector of a postcode (B70 8 of B70 8SZ), or null where the text is none. -#}
{% macro postcode_sector(postcode) -%}
    {{ return(adapter.dispatch('postcode_sector', 'asc_cld')(postcode)) }}
{%- endmacro %}

{% macro duckdb__postcode_sector(postcode) -%}
    regexp_extract(
        upper({{ postcode }}), '^\s*([A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9])[A-Z]{2}\s*$', 1
    )
{%- endmacro %}
