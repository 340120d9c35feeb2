{#- Texts of a group joined into one, in a given order. -#}
{% macro joined_text(text, separator, order_by) -%}
    {{ return(adapter.dispatch('joined_text', 'asc_cld')(text, separator, order_by)) }}
{%- endmacro %}

{% macro default__joined_text(text, separator, order_by) -%}
    string_agg({{ text }}, {{ separator }} order by {{ order_by }})
{%- endmacro %}

{#- Spark takes nulls first where an order does not say; here as everywhere they come last. -#}
{% macro spark__joined_text(text, separator, order_by) -%}
    listagg({{ text }}, {{ separator }}) within group (
        order by {{ order_by }}{{ ' nulls last' if ' nulls ' not in order_by and ',' not in order_by }}
    )
{%- endmacro %}
