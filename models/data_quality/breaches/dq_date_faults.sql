-- What is wrong with a date that is not written as the specification wants it, and which day is probably meant.
{{ config(materialized='view') }}

with

faulty_dates as (
    select distinct
        breaches.field_name,
        breaches.found_value,
        {{ trimmed('breaches.found_value') }} as value,
        {{ stray_sign('breaches.found_value') }} as stray_sign
    from {{ ref('dq_rules_format') }} as breaches
    where breaches.rule_id = 'FMT-01'
),

-- Day before month wherever both can be read. The day meant is the one that an extract's cell of this form
-- is read as; where none is, a suggestion may still be made.
read_dates as (
    select
        faulty_dates.field_name,
        faulty_dates.found_value,
        faulty_dates.value,
        faulty_dates.stray_sign,
        {{ read_date('faulty_dates.found_value') }} as read_day,
        {{ try_parse_date('faulty_dates.value', ['%m/%d/%Y']) }} as month_first,
        {{ try_parse_date('faulty_dates.value', ['%d-%m-%Y', '%d.%m.%Y']) }} as other_form
    from faulty_dates
),

-- Without four digits in a row there is no year, and 26 would be read as the year 26.
dated_values as (
    select
        read_dates.field_name,
        read_dates.found_value,
        read_dates.value,
        read_dates.stray_sign,
        read_dates.read_day,
        case
            when {{ matches_pattern('read_dates.value', '[0-9]{4}') }} then read_dates.month_first
        end as month_first,
        case
            when {{ matches_pattern('read_dates.value', '[0-9]{4}') }} then read_dates.other_form
        end as other_form,
        coalesce(
            case
                when read_dates.field_name = 'date_of_birth'
                    then {{ is_placeholder_day('read_dates.read_day', 'date_of_birth') }}
                else {{ is_placeholder_day('read_dates.read_day', 'event_end_date') }}
            end,
            false
        ) as is_placeholder
    from read_dates
)

select
    dated_values.field_name,
    dated_values.found_value,
    case
        when dated_values.is_placeholder
            then 'It stands for no day: where none is known the cell is empty.'
        when dated_values.stray_sign is not null then dated_values.stray_sign
        when {{ matches_pattern('dated_values.value', '^[0-9]{2}/[0-9]{2}/[0-9]{4}$') }}
            and dated_values.found_value <> dated_values.value
            and dated_values.read_day is not null
            then 'It begins or ends with a space.'
        when
            dated_values.read_day is not null
            and {{ matches_pattern('dated_values.value', '[0-9]:[0-9]') }}
            then 'It carries a time.'
        when
            dated_values.read_day is not null
            and {{ matches_pattern('dated_values.value', '^[0-9]{4}') }}
            then 'It is written with the year first.'
        when coalesce(dated_values.read_day, dated_values.other_form) is not null
            then 'It is written in another form.'
        when dated_values.month_first is not null then 'Day and month look swapped.'
        when {{ matches_pattern('dated_values.value', '^[0-9]{2}/[0-9]{2}/[0-9]{4}$') }}
            then 'There is no such day.'
        when
            {{ matches_pattern(
                'dated_values.value', '^[0-9]{1,2}[-/. ]([0-9]{1,2}|[A-Za-z]+)[-/. ][0-9]{2}$'
            ) }}
            then 'The year has two digits only.'
        when {{ matches_pattern('dated_values.value', '^[0-9]{5}$') }}
            then 'It looks like the number Excel keeps for a date.'
        else 'It cannot be read as a date.'
    end as fault,
    case
        when not dated_values.is_placeholder
            then {{ day_as_text(
                'coalesce(dated_values.read_day, dated_values.other_form, dated_values.month_first)',
                '%d/%m/%Y'
            ) }}
    end as suggestion
from dated_values
