{#- Whether a list of types in the specification ('A|B', 'not A', empty for all) takes in a
    type; blank and unlisted types are taken in by 'not' only. -#}
{% macro holds_for(types, type) -%}
    (
        {{ types }} is null
        or (
            {{ types }} like 'not %'
            and position('|' || {{ type }} || '|' in '|' || substr({{ types }}, 5) || '|') = 0
        )
        or (
            {{ types }} not like 'not %'
            and position('|' || {{ type }} || '|' in '|' || {{ types }} || '|') > 0
        )
    )
{%- endmacro %}
