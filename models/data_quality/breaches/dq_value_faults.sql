-- What is wrong with a value, in a sentence that does not repeat it, and what is probably meant: kinds of bad NHS
-- number and postcode, numbers with signs, values of Release 1.
{{ config(materialized='view') }}

with

faulty_values as (
    select distinct
        breaches.rule_id,
        breaches.field_name,
        breaches.found_value
    from {{ ref('dq_rules_format') }} as breaches
    where
        breaches.rule_id in ('FMT-02', 'FMT-06', 'FMT-07', 'FMT-08')
        -- Of codes and identifiers only what nobody sees on a screen is worth a word.
        or breaches.rule_id in ('FMT-04', 'FMT-05', 'FMT-09', 'FMT-10', 'FMT-11', 'FMT-12')
        and (
            {{ holds_unseen('breaches.found_value') }}
            or breaches.found_value like '%"%'
            or breaches.found_value like ' %'
            or breaches.found_value like '% '
        )
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
        {{ trimmed('faulty_values.found_value') }} as value,
        replace(faulty_values.found_value, ' ', '') as digits,
        {{ stray_sign('faulty_values.found_value') }} as stray_sign
    from faulty_values
),

-- The number meant is the one that an extract's cell of this form is read as.
amounts as (
    select
        trimmed_values.rule_id,
        trimmed_values.field_name,
        trimmed_values.found_value,
        trimmed_values.value,
        trimmed_values.stray_sign,
        {{ read_number('trimmed_values.found_value') }} as number_meant
    from trimmed_values
    where trimmed_values.rule_id in ('FMT-07', 'FMT-08')
)

select
    'FMT-01' as rule_id,
    dates.field_name,
    dates.found_value,
    dates.fault,
    dates.suggestion
from {{ ref('dq_date_faults') }} as dates
union all
select
    amounts.rule_id,
    amounts.field_name,
    amounts.found_value,
    case
        when amounts.number_meant < 0 then 'It is below 0.'
        when amounts.stray_sign is not null then amounts.stray_sign
        when amounts.number_meant is not null
            then 'It holds a comma, a space or another sign beside the figures.'
        when {{ matches_pattern('amounts.value', '^[0-9]+([.][0-9]*)?$') }}
            then 'It is far too large.'
        when {{ matches_pattern('amounts.value', '^[^A-Za-z]*[0-9],[0-9]+[^A-Za-z]*$') }}
            then 'A comma stands where the point, or no sign at all, should.'
        when {{ matches_pattern('amounts.value', '^[0-9.]+[eE][+-]?[0-9]+$') }}
            then 'A spreadsheet has written it with a power of ten and may have lost figures.'
        else 'It holds something other than digits.'
    end as fault,
    case
        when amounts.number_meant >= 0
            then {{ plain_figures('amounts.found_value') }}
    end as suggestion
from amounts
union all
select
    trimmed_values.rule_id,
    trimmed_values.field_name,
    trimmed_values.found_value,
    case
        when trimmed_values.stray_sign is not null then trimmed_values.stray_sign
        when trimmed_values.rule_id = 'FMT-02'
            then
                case
                    when not {{ matches_pattern('trimmed_values.digits', '^[0-9]+$') }}
                        then 'It holds something other than digits.'
                    when length(trimmed_values.digits) <> 10
                        then 'It has ' || length(trimmed_values.digits) || ' digits instead of ten.'
                    else 'Its check digit does not fit: a digit is mistyped, or two are swapped.'
                end
        when trimmed_values.rule_id = 'FMT-06'
            then
                case
                    when trimmed_values.found_value <> upper(trimmed_values.found_value)
                        then 'It holds small letters.'
                    when trimmed_values.found_value <> trimmed_values.value
                        then 'It begins or ends with a space.'
                    when
                        {{ matches_pattern(
                            'trimmed_values.found_value', '^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$'
                        ) }}
                        then 'A letter stands where no UK postcode has it.'
                    when
                        {{ matches_pattern(
                            'trimmed_values.digits', '^[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}$'
                        ) }}
                        then 'The space is missing or in the wrong place.'
                    else 'No UK postcode looks like it.'
                end
        else 'It begins or ends with a space.'
    end as fault,
    cast(null as string) as suggestion
from trimmed_values
where trimmed_values.rule_id not in ('FMT-07', 'FMT-08')
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
        when {{ holds_unseen('unlisted_values.found_value') }}
            then 'It holds a character that cannot be seen.'
        when lower({{ trimmed('unlisted_values.found_value') }}) = lower(unlisted_values.suggestion)
            then 'It begins or ends with a space.'
        when
            lower({{ strip_spaces('unlisted_values.found_value') }})
            = lower(unlisted_values.suggestion)
            then 'It holds two spaces where one should be.'
        when unlisted_values.found_value like '%"%' then 'It holds a quotation mark.'
        when {{ holds_other_alphabet('unlisted_values.found_value') }}
            then 'It holds a letter of another alphabet that only looks like one of ours.'
        when
            {{ matches_pattern(
                'unlisted_values.found_value', '^#(N/A|VALUE!|REF!|NAME[?]|DIV/0!|NUM!|NULL!)$'
            ) }}
            then 'It is an error of a spreadsheet.'
        when unlisted_values.is_cut_off
            then 'It is cut off after ' || length(unlisted_values.found_value) || ' characters.'
    end as fault,
    cast(null as string) as suggestion
from unlisted_values
