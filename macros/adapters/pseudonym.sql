{#- Keyed hash of a value; the secret never enters the SQL (asc_cld/plugins/pseudonyms.py). The kind keeps
    the pseudonyms of people and events apart; ids of people and of linked adults share one kind. -#}
{% macro pseudonym(kind, value) -%}
    {{ return(adapter.dispatch('pseudonym', 'asc_cld')(kind, value)) }}
{%- endmacro %}

{% macro duckdb__pseudonym(kind, value) -%}
    cld_pseudonym('{{ kind }}', {{ value }})
{%- endmacro %}
