-- Mapping of local units to cost frequency, with the factors that turn planned units and prices into it, typed;
-- from the seed or from the council's own folder.
with

mappings as (
    select * from {{ mapping('map_units') }}
),

frequencies as (
    select
        spec_frequencies.cost_frequency,
        spec_frequencies.needs_units,
        spec_frequencies.occurrences / cast(spec_frequencies.in_weeks as decimal(9, 6))
            as occurrences_per_week
    from {{ ref('spec_cost_frequencies') }} as spec_frequencies
),

typed as (
    select
        'map_units:' || mappings.unit_code
        || coalesce('@' || cast(mappings.valid_from as varchar), '') as mapping_id,
        {{ clean_text('mappings.unit_code') }} as unit_code,
        {{ clean_text('mappings.cost_frequency') }} as cost_frequency,
        {% for column in ['units_per_week', 'price_factor', 'planned_for_weeks'] %}
        {% set cell = clean_text('cast(mappings.' ~ column ~ ' as varchar)') %}
        {{ cell }} as {{ column }}_as_written,
        -- Ten places, because a third of an hour times 420 must still be 140.
        try_cast({{ cell }} as decimal(18, 10)) as {{ column }},
        {% endfor %}
        {{ read_date('cast(mappings.valid_from as varchar)') }} as valid_from,
        {{ read_date('cast(mappings.valid_to as varchar)') }} as valid_to
    from mappings
),

judged as (
    select
        typed.*,
        frequencies.needs_units,
        frequencies.occurrences_per_week,
        (typed.units_per_week_as_written is not null and coalesce(typed.units_per_week, 0) <= 0)
        or (typed.price_factor_as_written is not null and coalesce(typed.price_factor, 0) <= 0)
        or (
            typed.planned_for_weeks_as_written is not null
            and coalesce(typed.planned_for_weeks, 0) <= 0
        ) as has_wrong_number,
        -- Price times units a week is the weekly cost: what the units are multiplied by, the price is
        -- divided by. A third of an hour is written 0.333333, its price is three times as high.
        case
            when typed.units_per_week > 0
                then
                    1 / cast(
                        typed.units_per_week * coalesce(typed.planned_for_weeks, 1) as double
                    )
        end as keeping_price_factor
    from typed
    left join frequencies
        on typed.cost_frequency = frequencies.cost_frequency
)

select
    judged.mapping_id,
    judged.unit_code,
    judged.cost_frequency,
    judged.units_per_week,
    -- Unknown where the mapping leaves open what becomes of the price: 0.25 of an hour may be a quarter of
    -- an hour or the hours of four weeks, and one of them is four times as dear. Never guessed.
    cast(case
        when judged.has_wrong_number then null
        when judged.needs_units = 'yes' and judged.price_factor is not null
            then
                case
                    when
                        abs(judged.price_factor / judged.keeping_price_factor - 1) <= 0.005
                        then judged.price_factor
                end
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
        -- A frequency of a week or longer says the units itself; a factor beside it is its own length,
        -- or that of the unit that the price was for (a year's price sent as a week's).
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
    end as decimal(18, 10)) as price_factor,
    coalesce(judged.planned_for_weeks, 1) as planned_for_weeks,
    judged.valid_from,
    judged.valid_to
from judged
-- A row that nobody has filled in yet maps nothing: its code stays unmapped and is reported.
where judged.cost_frequency is not null
