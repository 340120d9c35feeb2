{#- A surname without stray spaces. Null is a surname (and so is None): only NULL or null in other capitals than
    the forename beside it is the word that a system writes for nothing. -#}
{% macro clean_surname(surname, forename) -%}
    {%- set stripped = strip_spaces(surname) -%}
    {%- set beside = clean_text(forename) -%}
    case
        when {{ stripped }} = '' then null
        when {{ stripped }} not in ('NULL', 'null') then {{ stripped }}
        when
            regexp_matches({{ beside }}, '\p{L}')
            and {{ beside }}
            = case when {{ stripped }} = 'NULL' then upper({{ beside }}) else lower({{ beside }}) end
            then {{ stripped }}
    end
{%- endmacro %}
