-- What is wrong with a value, in a sentence that does not repeat it, and what is probably meant: dates
-- in another form, kinds of bad NHS number and postcode, numbers with signs, values of Release 1.
{{ config(materialized='view') }}

with

faulty_values as (
    select distinct
        breaches.rule_id,
        breaches.field_name,
        breaches.found_value
    from {{ ref('dq_rules_format') }} as breaches
    where breaches.rule_id in ('FMT-01', 'FMT-02', 'FMT-06', 'FMT-07', 'FMT-08')
),

unlisted_values as (
    select distinct
        unlisted_values.rule_id,
        unlisted_values.field_name,
        unlisted_values.field_value as found_value,
        unlisted_values.field_validity,
        unlisted_values.is_cut_off,
        unlisted_values.suggestion
    from {{ ref('dq_unlisted_values') }} as unlisted_values
),

trimmed_values as (
    select
        faulty_values.rule_id,
        faulty_values.field_name,
        faulty_values.found_value,
        trim(faulty_values.found_value) as value,
        -- Without four digits in a row there is no year, and 26 would be read as the year 26.
        case
            when {{ matches_pattern('faulty_values.found_value', '[0-9]{4}') }}
                then trim(faulty_values.found_value)
        end as dated_value,
        replace(faulty_values.found_value, ' ', '') as digits
    from faulty_values
),

read_dates as (
    select
        trimmed_values.field_name,
        trimmed_values.found_value,
        trimmed_values.value,
        {{ try_parse_date(
            'trimmed_values.dated_value', ['%Y-%m-%d', '%Y/%m/%d', '%Y%m%d']
        ) }} as year_first,
        {{ try_parse_date(
            'trimmed_values.dated_value', ['%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S', '%Y-%m-%d %H:%M:%S',
            '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M:%S.%f']
        ) }} as with_time,
        {{ try_parse_date('trimmed_values.dated_value', ['%m/%d/%Y']) }} as month_first,
        {{ try_parse_date(
            'trimmed_values.dated_value', ['%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%d %b %Y', '%d-%b-%Y', '%d %B %Y']
        ) }} as other_form
    from trimmed_values
    where trimmed_values.rule_id = 'FMT-01'
),

-- The form that fits, first come first served: day before month wherever both can be read.
dates as (
    select
        read_dates.field_name,
        read_dates.found_value,
        case
            when {{ matches_pattern('read_dates.value', '^[0-9]{2}/[0-9]{2}/[0-9]{4}$') }}
                and read_dates.found_value <> read_dates.value
                then 'It begins or ends with a space.'
            when read_dates.other_form is not null then 'It is written in another form.'
            when read_dates.year_first is not null then 'It is written with the year first.'
            when read_dates.with_time is not null then 'It carries a time.'
            when read_dates.month_first is not null then 'Day and month look swapped.'
            when {{ matches_pattern('read_dates.value', '^[0-9]{2}/[0-9]{2}/[0-9]{4}$') }}
                then 'There is no such day.'
            when {{ matches_pattern('read_dates.value', '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}$') }}
                then 'The year has two digits only.'
            when {{ matches_pattern('read_dates.value', '^[0-9]{5}$') }}
                then 'It looks like the number Excel keeps for a date.'
            else 'It cannot be read as a date.'
        end as fault,
        {{ day_as_text(
            'coalesce(read_dates.other_form, read_dates.year_first, read_dates.with_time, '
            ~ 'read_dates.month_first)', '%d/%m/%Y'
        ) }} as suggestion
    from read_dates
),

nhs_numbers as (
    select
        trimmed_values.field_name,
        trimmed_values.found_value,
        case
            when not {{ matches_pattern('trimmed_values.digits', '^[0-9]+$') }}
                then 'It holds something other than digits.'
            when length(trimmed_values.digits) <> 10
                then
                    'It has ' || length(trimmed_values.digits)
                    || ' digits instead of ten.'
            else 'Its check digit does not fit: a digit is mistyped, or two are swapped.'
        end as fault
    from trimmed_values
    where trimmed_values.rule_id = 'FMT-02'
),

postcodes as (
    select
        trimmed_values.field_name,
        trimmed_values.found_value,
        case
            when trimmed_values.found_value <> upper(trimmed_values.found_value)
                then 'It holds small letters.'
            when trimmed_values.found_value <> trimmed_values.value
                then 'It begins or ends with a space.'
            when
                {{ matches_pattern(
                    'trimmed_values.digits', '^[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}$'
                ) }}
                then 'The space is missing or in the wrong place.'
            else 'No UK postcode looks like it.'
        end as fault
    from trimmed_values
    where trimmed_values.rule_id = 'FMT-06'
),

amounts as (
    select
        trimmed_values.rule_id,
        trimmed_values.field_name,
        trimmed_values.found_value,
        replace(replace(trimmed_values.digits, ',', ''), '£', '') as plain_number
    from trimmed_values
    where trimmed_values.rule_id in ('FMT-07', 'FMT-08')
)

select
    'FMT-01' as rule_id,
    dates.field_name,
    dates.found_value,
    dates.fault,
    dates.suggestion
from dates
union all
select
    'FMT-02' as rule_id,
    nhs_numbers.field_name,
    nhs_numbers.found_value,
    nhs_numbers.fault,
    cast(null as varchar) as suggestion
from nhs_numbers
union all
select
    'FMT-06' as rule_id,
    postcodes.field_name,
    postcodes.found_value,
    postcodes.fault,
    cast(null as varchar) as suggestion
from postcodes
union all
select
    amounts.rule_id,
    amounts.field_name,
    amounts.found_value,
    case
        when amounts.plain_number like '-%' then 'It is below 0.'
        when {{ matches_pattern('amounts.plain_number', '^[0-9]+([.][0-9]+)?$') }}
            then 'It holds a comma, a space or a pound sign, or is far too large.'
        else 'It holds something other than digits.'
    end as fault,
    case
        when
            {{ matches_pattern('amounts.plain_number', '^[0-9]{1,9}([.][0-9]+)?$') }}
            then amounts.plain_number
    end as suggestion
from amounts
union all
select
    unlisted_values.rule_id,
    unlisted_values.field_name,
    unlisted_values.found_value,
    case
        when unlisted_values.field_validity like 'Passed%'
            then
                'It is accepted all the same: other public sources have it so, and the '
                || 'published list, which decides, was not available.'
        when unlisted_values.field_validity = 'Failed: Release 1'
            then 'It is a value of Release 1.'
        when lower(unlisted_values.found_value) = lower(unlisted_values.suggestion)
            then 'Only the capitals differ.'
        when lower(trim(unlisted_values.found_value)) = lower(unlisted_values.suggestion)
            then 'It begins or ends with a space.'
        when unlisted_values.found_value <> {{ shown_text('unlisted_values.found_value') }}
            then 'It holds a character that cannot be seen.'
        when unlisted_values.is_cut_off
            then 'It is cut off after ' || length(unlisted_values.found_value) || ' characters.'
    end as fault,
    cast(null as varchar) as suggestion
from unlisted_values
