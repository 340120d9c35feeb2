{#- Why a completed kind of event (request, assessment, review) is not in the return; null when it is.
    The first reason in this order is given. -#}
{% macro event_exclusion(
    events, readable_dates, start_date, end_date, scope_exclusion='null'
) -%}
    case
        when not {{ was_readable(events, readable_dates) }} then 'UNREADABLE_DATE'
        when person_records.person_id is null then 'PERSON_NOT_FOUND'
        when person_records.exclusion_code is not null then person_records.exclusion_code
        when {{ events }}.status = 'CANCELLED' then 'CANCELLED'
        when {{ scope_exclusion }} is not null then {{ scope_exclusion }}
        -- What nobody understands is neither open nor completed.
        when not {{ was_readable(events, ['status']) }} then 'UNKNOWN_STATUS'
        when {{ events }}.status = 'OPEN' then 'OPEN'
        when {{ start_date }} is null then 'MISSING_START_DATE'
        when {{ end_date }} is null and {{ events }}.status = 'COMPLETED'
            then 'MISSING_END_DATE'
        when {{ end_date }} is null then 'OPEN'
        -- Outside the period because one of its own dates is wrong: said before the period is.
        when {{ end_date }} < {{ start_date }}
            and {{ end_date }} not between {{ date_setting('reporting_period_start') }}
            and {{ date_setting('reporting_period_end') }}
            then 'END_BEFORE_START'
        when {{ end_date }} < {{ date_setting('reporting_period_start') }} then 'ENDED_BEFORE_PERIOD'
        when {{ end_date }} > {{ date_setting('reporting_period_end') }} then 'ENDED_AFTER_PERIOD'
        when not {{ was_readable(events, ['subject_role']) }} then 'UNKNOWN_ROLE'
    end
{%- endmacro %}
