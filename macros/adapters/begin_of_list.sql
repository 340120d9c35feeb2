{#- The first entries of a text that lists some with '; ' between them, and how many more there are. -#}
{% macro begin_of_list(column, most) -%}
    {{ return(adapter.dispatch('begin_of_list', 'asc_cld')(column, most)) }}
{%- endmacro %}

{% macro duckdb__begin_of_list(column, most) -%}
    array_to_string(string_split({{ column }}, '; ')[:{{ most }}], '; ')
    || case
        when len(string_split({{ column }}, '; ')) > {{ most }}
            then '; and ' || (len(string_split({{ column }}, '; ')) - {{ most }}) || ' more'
        else ''
    end
{%- endmacro %}

{% macro spark__begin_of_list(column, most) -%}
    array_join(slice(split({{ column }}, '; '), 1, {{ most }}), '; ')
    || case
        when size(split({{ column }}, '; ')) > {{ most }}
            then '; and ' || (size(split({{ column }}, '; ')) - {{ most }}) || ' more'
        else ''
    end
{%- endmacro %}
