{#- A reference as the record it points at writes its own key; as written where it points at nothing. -#}
{% macro referred_key(column) -%}
    coalesce({{ column }}_reference.referred_key, {{ clean_key('records.' ~ column) }})
{%- endmacro %}
