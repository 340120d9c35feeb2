{#- Whether a date cell is filled and yet says no day that can have been meant; a placeholder is understood. The
    cheap question, which nearly every cell answers, comes first. -#}
{% macro is_unreadable_day(cell) -%}
    case
        when list_filter(
            [{{ read_date(cell) }}],
            lambda moment: case
                when {{ is_real_day('moment', cell) }} then true
                else {{ is_placeholder_day('moment', cell) }}
            end
        ) <> [] then false
        else {{ clean_text(cell) }} is not null
    end
{%- endmacro %}
