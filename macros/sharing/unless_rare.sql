{#- A value as it is when at least share_k people of the council have it, else the word Withheld.
    People are counted, not rows: one person with many events is still one. -#}
{% macro unless_rare(column, person, la_code) -%}
    case
        when {{ column }} is null then null
        when
            count(distinct {{ person }}) over (partition by {{ la_code }}, {{ column }})
            >= {{ setting('share_k') | int }}
            then {{ column }}
        else 'Withheld'
    end
{%- endmacro %}
