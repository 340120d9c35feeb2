{#- All rows of a person as one text, of the given columns of share_events. -#}
{% macro shared_texts(columns) -%}
    {%- set cells = [] -%}
    {%- for column in columns -%}
        {%- do cells.append("coalesce(cast(shared." ~ column ~ " as varchar), '')") -%}
    {%- endfor -%}
    {%- set row_text = "concat_ws('|', " ~ (cells or ["''"]) | join(', ') ~ ")" -%}
    string_agg({{ row_text }}, ';' order by {{ row_text }})
{%- endmacro %}

{#- The columns of share_events that tell something of a person: all that are there, but the keys and what is
    the same in all rows of a release. Asked of the table, not of its YAML: a new column counts at once. -#}
{% macro shared_columns(relation, but=[]) -%}
    {%- set same_for_all = [
        'recipient_id', 'purposes', 'release_id', 'la_code', 'period_start', 'period_end',
        'row_key', 'person_key',
    ] -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- if column.name not in same_for_all and column.name not in but -%}
                {%- do found.append(column.name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}
