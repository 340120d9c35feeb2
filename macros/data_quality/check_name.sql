{#- The stable name of a rule's check, whatever test holds it: dq_breaches__MAN-06_gender. -#}
{% macro check_name(rules) -%}
    'dq_breaches__' || {{ rules }}.rule_id || coalesce('_' || {{ rules }}.field_name, '')
{%- endmacro %}
