{#- What the shared rows may tell, as column -> what stands there when it is withheld. `special`: only
    those of a special category, of which people alike in all the rest must not all have the same. -#}
{% macro share_columns(special=false) -%}
    {%- set word = "'Withheld'" -%}
    {%- set of_special_categories = {
        'ethnic_group': word,
        'has_died': 'cast(null as boolean)',
        'primary_support_reason': word,
        'service_type': word,
        'event_outcome': word,
    } -%}
    {%- set others = {
        'age_band': word,
        'gender': word,
        'birth_year': 'cast(null as integer)',
        'birth_month': 'cast(null as integer)',
        'event_type': word,
        'event_start': word,
        'client_type': word,
        'accommodation_status': word,
        'request_route_of_access': word,
    } -%}
    {{ return(of_special_categories if special else dict(others, **of_special_categories)) }}
{%- endmacro %}
