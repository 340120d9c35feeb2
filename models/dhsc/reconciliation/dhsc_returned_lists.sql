-- The record-level lists DHSC returned, with our names for measure, group and person: one row per
-- council, measure, group and person of the period of this run, and every other row with the reason why
-- it is not compared. Capitals, blanks and signs in names make no difference; a file delivered twice
-- counts once.
{%- set period_keys = [] %}
{%- for year in ['%y', '%Y'] %}
    {%- do period_keys.append(
        "lower(" ~ day_as_text(date_setting('reporting_period_start'), '%-d%b' ~ year)
        ~ " || " ~ day_as_text(date_setting('reporting_period_end'), '%-d%b' ~ year) ~ ")"
    ) %}
{%- endfor %}
with

returned_rows as (

    select
        *,
        {{ without_signs('lower(measure)', '[^a-z0-9]') }} as measure_key,
        {{ without_signs('lower(description)', '[^a-z0-9]') }} as description_key,
        {{ without_signs('lower(' ~ adapter.quote('group') ~ ')', '[^a-z0-9]') }} as group_key,
        {{ without_signs('lower(reporting_period)', '[^a-z0-9]') }} as period_key,
        lower(la_person_unique_identifier) as listed_key
    from {{ ref('sub_returned_rows') }}

),

measures as (

    select
        *,
        {{ without_signs('lower(measure)', '[^a-z0-9]') }} as measure_key,
        {{ without_signs('lower(dhsc_measure)', '[^a-z0-9]') }} as dhsc_measure_key,
        {{ without_signs('lower(description)', '[^a-z0-9]') }} as description_key,
        {{ without_signs('lower(' ~ adapter.quote('group') ~ ')', '[^a-z0-9]') }} as group_key
    from {{ ref('dhsc_measures') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

submitted_ids as (

    select distinct
        la_code,
        la_person_key,
        trim(leading '0' from {{ trimmed('la_person_key') }}) as short_key
    from {{ ref('dhsc_cleaned_rows') }}
    where la_person_key is not null

),

-- Excel takes the zeros from the front of an identifier: it is found again if only one can be meant.
short_ids as (

    select
        submitted_ids.la_code,
        submitted_ids.short_key,
        min(submitted_ids.la_person_key) as la_person_key
    from submitted_ids
    group by submitted_ids.la_code, submitted_ids.short_key
    having count(*) = 1

),

named as (

    select
        returned_rows.file_name,
        returned_rows.line_number,
        returned_rows.la_person_unique_identifier,
        returned_rows.listed_key,
        returned_rows.reporting_period,
        returned_rows.numerator,
        returned_rows.denominator,
        returned_rows.sequel_type,
        coalesce(councils.la_code, returned_rows.la_code, '{{ setting("la_code") }}') as la_code,
        coalesce(measures.measure, returned_rows.measure) as measure,
        coalesce(measures.group, returned_rows.group) as {{ adapter.quote('group') }},
        case
            when returned_rows.listed_key is null then 'The line has no identifier of a person'
            when returned_rows.period_key not in ({{ period_keys | join(', ') }})
                then 'The list is for another period: ' || returned_rows.reporting_period
            when measures.measure is null
                then 'No measure computed here has this name, description and group'
        end as not_compared_because
    from returned_rows
    left join councils
        on
            lower(returned_rows.la_code) = lower(councils.la_code)
            or lower(returned_rows.la_code) = lower(councils.ons_code)
    left join measures
        on
            returned_rows.group_key = measures.group_key
            and (
                returned_rows.measure_key = measures.measure_key
                or (
                    returned_rows.measure_key = measures.dhsc_measure_key
                    and (
                        returned_rows.description_key = measures.description_key
                        -- 3D: the description may be no more than its number, such as 1a.
                        or left(returned_rows.description_key, 2) = right(measures.measure_key, 2)
                        or measures.measure in ('2A', '2B', '2C', '2E LD')
                    )
                )
            )

),

counted as (

    select
        named.la_code,
        named.measure,
        named.group,
        named.not_compared_because,
        coalesce(submitted_ids.la_person_key, short_ids.la_person_key, named.listed_key)
            as la_person_key,
        named.file_name,
        max(named.la_person_unique_identifier) as la_person_unique_identifier,
        sum(named.numerator) as numerator,
        sum(named.denominator) as denominator,
        {{ joined_text('named.sequel_type', "', '", 'named.sequel_type') }} as sequel_types
    from named
    left join submitted_ids
        on
            named.la_code = submitted_ids.la_code
            and named.listed_key = submitted_ids.la_person_key
    left join short_ids
        on
            named.la_code = short_ids.la_code
            and trim(leading '0' from named.listed_key) = short_ids.short_key
    group by
        named.la_code,
        named.measure,
        named.group,
        named.not_compared_because,
        coalesce(submitted_ids.la_person_key, short_ids.la_person_key, named.listed_key),
        named.file_name

)

select
    counted.la_code,
    counted.measure,
    counted.group,
    counted.la_person_key,
    max(counted.la_person_unique_identifier) as la_person_unique_identifier,
    cast(max(counted.numerator) as integer) as numerator,
    cast(max(counted.denominator) as integer) as denominator,
    max(counted.sequel_types) as sequel_types,
    counted.not_compared_because
from counted
group by
    counted.la_code,
    counted.measure,
    counted.group,
    counted.la_person_key,
    counted.not_compared_because
