{#- Keyed hash of a value, under the key of a row's recipient and purposes and for its release alone; the
    secret never enters the SQL (asc_cld/plugins/pseudonyms.py). The kind keeps the pseudonyms of people
    and rows apart. Reads recipients and releases of the model it stands in. -#}
{% macro pseudonym(kind, value) -%}
    {{ return(adapter.dispatch('pseudonym', 'asc_cld')(kind, value)) }}
{%- endmacro %}

{% macro duckdb__pseudonym(kind, value) -%}
    cld_pseudonym(
        recipients.keys_of, releases.release_id, '{{ kind }}', {{ value }}
    )
{%- endmacro %}

{% macro default__pseudonym(kind, value) -%}
    {{ return(not_on_this_engine('pseudonym')) }}
{%- endmacro %}
