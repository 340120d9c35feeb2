{#- 1 where the hidden councils of a group, which are a total less all that is shown, give one of them back to a reader
    who knows another: they are few, or without the largest of them hardly anybody is left. -#}
{% macro gives_back(councils, threshold, least_hidden) -%}
    case
        when
            count(*) < {{ least_hidden }}
            or sum({{ councils }}.numerator) - max({{ councils }}.numerator) < {{ threshold }}
            or sum({{ councils }}.others) - max({{ councils }}.others)
            between 1 and {{ threshold - 1 }}
            then 1
        else 0
    end
{%- endmacro %}
