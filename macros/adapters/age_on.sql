{#- Age in whole years on a day: a birthday counts once it is reached; 29 February's on 1 March. -#}
{% macro age_on(date_of_birth, day) -%}
    {{ return(adapter.dispatch('age_on', 'asc_cld')(date_of_birth, day)) }}
{%- endmacro %}

{% macro duckdb__age_on(date_of_birth, day) -%}
    date_part('year', {{ day }}) - date_part('year', {{ date_of_birth }})
    - case when strftime({{ day }}, '%m%d') < strftime({{ date_of_birth }}, '%m%d') then 1 else 0 end
{%- endmacro %}
