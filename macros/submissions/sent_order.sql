{#- In which order files of a council were sent, for an order by: by their days; of one day (without submissions.csv all
    have that of the run) by their periods, and a return built here last. Which of two files of one day and period was
    the later nobody can know: the key decides, and dhsc_periods says so. -#}
{% macro sent_order(files, latest_first=false) -%}
    {%- set way = 'desc nulls last' if latest_first else 'asc nulls first' -%}
    {{ files }}.imported_at {{ way }}, {{ files }}.stated_period_end {{ way }},
    case {{ files }}.origin when 'built' then 1 else 0 end {{ way }}, {{ files }}.submission_id {{ way }}
{%- endmacro %}
