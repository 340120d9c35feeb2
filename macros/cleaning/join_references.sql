{#- Joins of a raw record (records) to the references of it that are not written as the key they mean; to be
    read by referred_key() and unreadable_columns(). -#}
{% macro join_references(extract, columns) -%}
    {%- for column in columns %}
left join {{ ref('stg_extracts__references') }} as {{ column }}_reference
    on
        {{ column }}_reference.source_table = '{{ extract }}'
        and {{ column }}_reference.source_column = '{{ column }}'
        and {{ clean_key('records.' ~ column) }} = {{ column }}_reference.written_key
    {%- endfor %}
{%- endmacro %}
