{#- A value as it is when at least share_k people of the council have it, else the word Withheld.
    People are counted, not rows: one person with many events is still one. `field` for a column that DHSC
    passes on as it was typed: what is in none of the field's lists (a name in the wrong column) is
    withheld too, however many have it. -#}
{% macro unless_rare(column, person, la_code, field=none) -%}
    case
        when {{ column }} is null then null
        {% if field -%}
        when
            lower(trim({{ column }})) not in (
                select listed.value_key from listed_values as listed where listed.field = '{{ field }}'
            )
            then 'Withheld'
        {% endif -%}
        when
            count(distinct {{ person }}) over (partition by {{ la_code }}, {{ column }})
            >= {{ setting('share_k') }}
            then {{ column }}
        else 'Withheld'
    end
{%- endmacro %}
