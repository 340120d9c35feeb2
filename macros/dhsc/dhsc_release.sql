{#- The release whose lists DHSC's published code reads and cleans values of Release 1 into, whatever the release of the
    run: another one is another method. -#}
{% macro dhsc_release() -%}
    {{- return('R2') -}}
{%- endmacro %}
