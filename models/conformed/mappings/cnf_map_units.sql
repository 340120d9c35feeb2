-- Mapping of local units to cost frequency, with the factors that turn planned units and prices into it, typed;
-- from the seed or from the council's own folder.
{% set numbers = [
    'units_per_week', 'price_factor', 'planned_for_weeks', 'hours_per_unit', 'weeks_per_unit'
] %}

with

mappings as (
    select * from {{ mapping('map_units') }}
),

frequencies as (
    select
        spec_frequencies.cost_frequency,
        spec_frequencies.needs_units,
        spec_frequencies.hours,
        spec_frequencies.occurrences / cast(spec_frequencies.in_weeks as decimal(9, 6))
            as occurrences_per_week,
        spec_frequencies.weekly_at_most
    from {{ ref('spec_cost_frequencies') }} as spec_frequencies
),

typed as (
    select
        'map_units:' || mappings.unit_code
        || coalesce('@' || cast(mappings.valid_from as varchar), '') as mapping_id,
        {{ clean_text('mappings.unit_code') }} as unit_code,
        {{ clean_text('mappings.cost_frequency') }} as cost_frequency,
        {% for column in numbers %}
        {% set cell = clean_text('cast(mappings.' ~ column ~ ' as varchar)') %}
        -- Ten places, because a third of an hour times 420 must still be 140.
        try_cast({{ cell }} as decimal(18, 10)) as {{ column }},
        {{ cell }} is not null and coalesce(try_cast({{ cell }} as decimal(18, 10)), 0) <= 0
            as {{ column }}_is_wrong,
        {% endfor %}
        {{ read_date('cast(mappings.valid_from as varchar)') }} as valid_from,
        {{ read_date('cast(mappings.valid_to as varchar)') }} as valid_to
    from mappings
),

-- Price times units a week is the weekly cost: what the units are multiplied by, the price is divided
-- by.
judged as (
    select
        typed.*,
        frequencies.needs_units,
        frequencies.hours,
        frequencies.occurrences_per_week,
        coalesce(frequencies.occurrences_per_week, frequencies.weekly_at_most) as in_full_week,
        {% for column in numbers %}
        {{ 'or ' if not loop.first }}typed.{{ column }}_is_wrong
        {% endfor %}
            as has_wrong_number,
        1 / cast(
            nullif(typed.units_per_week * coalesce(typed.planned_for_weeks, 1), 0) as double
        ) as keeping_price_factor,
        -- A unit whose length is known has its price by that length.
        coalesce(
            frequencies.hours / cast(nullif(typed.hours_per_unit, 0) as double),
            1 / cast(
                nullif(typed.weeks_per_unit, 0)
                * coalesce(frequencies.occurrences_per_week, frequencies.weekly_at_most) as double
            )
        ) as price_factor_of_length
    from typed
    left join frequencies
        on typed.cost_frequency = frequencies.cost_frequency
),

-- Unknown where the mapping leaves open what becomes of the price: 0.25 of an hour may be a quarter
-- of an hour or the hours of four weeks, and one of them is four times as dear. Never guessed.
priced as (
    select
        judged.*,
        -- A factor too large for a number of ten places is none.
        try_cast(case
            when judged.has_wrong_number then null
            when abs(judged.price_factor / judged.price_factor_of_length - 1) > 0.005 then null
            when judged.needs_units = 'yes'
                and abs(
                    coalesce(judged.price_factor, judged.price_factor_of_length)
                    / judged.keeping_price_factor - 1
                ) > 0.005
                then null
            when judged.price_factor_of_length is not null then judged.price_factor_of_length
            when judged.needs_units = 'yes' and judged.price_factor is not null
                then judged.price_factor
            when
                judged.needs_units = 'yes'
                and (judged.planned_for_weeks is not null or judged.units_per_week = 1)
                then
                    case
                        when
                            abs(judged.keeping_price_factor - round(judged.keeping_price_factor))
                            <= 0.001
                            then round(judged.keeping_price_factor)
                        else judged.keeping_price_factor
                    end
            when judged.needs_units = 'yes' then null
            -- A frequency of a week or longer says the units itself; a factor beside it is its own
            -- length, or that of the unit that the price was for (a year's price sent as a week's).
            when
                judged.occurrences_per_week is null
                or coalesce(judged.units_per_week, 1) = 1
                or abs(judged.units_per_week / judged.occurrences_per_week - 1) <= 0.005
                then coalesce(judged.price_factor, 1)
            when
                abs(
                    judged.price_factor * judged.occurrences_per_week / judged.units_per_week - 1
                ) <= 0.005
                then judged.price_factor
        end as decimal(18, 10)) as known_price_factor
    from judged
)

select
    priced.mapping_id,
    priced.unit_code,
    priced.cost_frequency,
    -- The exact counterpart of the price, so that 0.333 of an hour at three times the price is a third.
    -- A plan in weeks or longer is for as long as its unit is, unless the mapping says for how long.
    try_cast(case
        when priced.needs_units = 'yes' and priced.known_price_factor is not null
            then 1 / (priced.known_price_factor * coalesce(priced.planned_for_weeks, 1))
        when priced.occurrences_per_week is null then priced.units_per_week
        when priced.known_price_factor is not null
            then
                coalesce(
                    1 / (priced.known_price_factor * priced.planned_for_weeks),
                    priced.occurrences_per_week
                )
    end as decimal(18, 10)) as units_per_week,
    priced.known_price_factor as price_factor,
    case
        when priced.known_price_factor is not null then null
        when priced.has_wrong_number then 'NO_NUMBER'
        when coalesce(priced.price_factor, priced.price_factor_of_length) is not null
            then 'CONTRADICTION'
        else 'NOT_SAID'
    end as open_because,
    coalesce(priced.planned_for_weeks, 1) as planned_for_weeks,
    try_cast(
        coalesce(priced.hours, priced.hours_per_unit * priced.known_price_factor)
        as decimal(18, 10)
    ) as hours_in_one,
    try_cast(
        coalesce(1 / priced.in_full_week, priced.weeks_per_unit * priced.known_price_factor)
        as decimal(18, 10)
    ) as weeks_in_one,
    priced.valid_from,
    priced.valid_to
from priced
-- A row that nobody has filled in yet maps nothing: its code stays unmapped and is reported.
where priced.cost_frequency is not null
