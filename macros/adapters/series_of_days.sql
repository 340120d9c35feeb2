{#- Days from one to another, so many days or months apart, one row each (in a select list without `from`). Each is
    counted from the first: a month after 31 January is the last day of February, two are 31 March. None where the
    last day is before the first. -#}
{% macro series_of_days(first_day, last_day, step='1 day') -%}
    {{ return(adapter.dispatch('series_of_days', 'asc_cld')(first_day, last_day, step)) }}
{%- endmacro %}

{#- generate_series() of days would count each from the one before; these are as many as there could be. -#}
{% macro duckdb__series_of_days(first_day, last_day, step) -%}
    cast(unnest(list_filter(
        list_transform(
            generate_series(0, date_diff('day', {{ first_day }}, {{ last_day }})),
            lambda steps: {{ first_day }} + steps * interval '{{ step }}'
        ),
        lambda day: day <= {{ last_day }}
    )) as date)
{%- endmacro %}

{% macro spark__series_of_days(first_day, last_day, step) -%}
    explode(
        case
            when {{ first_day }} <= {{ last_day }}
                then sequence({{ first_day }}, {{ last_day }}, interval {{ step }})
        end
    )
{%- endmacro %}
