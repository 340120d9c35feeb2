{#- True where a name carries a marker that the record is no person of its own. People type these
    into the name when a system has no better place. TEST must stand in capitals, so that a person
    called Test is left alone; nobody is called Duplicate. -#}
{% macro has_name_marker(kind, forename, surname) -%}
    {%- set patterns = {
        'test': '(^|[^A-Za-z])(TEST|ZZ[ -]?TEST|[Zz]{2,}[ -]*[Tt]est)([^A-Za-z]|$)',
        'duplicate': '(?i)(^|[^a-z])(duplicate|dup|do not use)([^a-z]|$)',
    } -%}
    {{ matches_pattern("concat_ws(' ', " ~ forename ~ ", " ~ surname ~ ")", patterns[kind]) }}
{%- endmacro %}
