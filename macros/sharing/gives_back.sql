{#- 1 where the hidden councils of a group, which are a total less all that is shown, give one of them back to a reader
    who knows another: they are few, or without the largest of them hardly anybody is left in the numerator, or in one of
    the differences, of which none at all tells nothing. -#}
{% macro gives_back(councils, threshold, least_hidden, differences=[]) -%}
    case
        when
            count(*) < {{ least_hidden }}
            or sum({{ councils }}.numerator) - max({{ councils }}.numerator) < {{ threshold }}
            {%- for difference in differences %}
            or sum({{ councils }}.{{ difference }}) - max({{ councils }}.{{ difference }})
            between 1 and {{ threshold - 1 }}
            {%- endfor %}
            then 1
        else 0
    end
{%- endmacro %}
