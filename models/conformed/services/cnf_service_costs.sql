-- Unit cost, frequency and planned units of each service: one row a service, with why one has no cost.
with

spans as (
    select * from {{ ref('cnf_service_spans') }}
),

service_rates as (
    select * from {{ ref('cnf_service_rates') }}
),

frequencies as (
    select * from {{ ref('spec_cost_frequencies') }}
),

lines as (
    select
        service_lines.line_id,
        service_lines.planned_units,
        service_lines.unit_code,
        unit_mappings.mapping_id as unit_mapping_id,
        unit_mappings.cost_frequency as unit_frequency,
        unit_mappings.hours_in_one,
        unit_mappings.weeks_in_one,
        cast(service_lines.planned_units as decimal(28, 4)) * unit_mappings.units_per_week
            as weekly_units
    from {{ ref('cnf_service_lines') }} as service_lines
    left join {{ ref('cnf_map_units') }} as unit_mappings
        on
            service_lines.unit_code = unit_mappings.unit_code
            and {{ in_force('unit_mappings', 'service_lines.start_date') }}
),

priced as (
    select
        service_rates.first_line_id,
        sum(service_rates.price) as unit_cost,
        min(service_rates.cost_frequency) as cost_frequency,
        min(service_rates.units_per_week) as units_per_week,
        min(service_rates.hours_in_one) as hours_in_one,
        min(service_rates.weeks_in_one) as weeks_in_one,
        min(service_rates.rate_id) as rate_id,
        min(service_rates.rate_mapping_id) as rate_mapping_id,
        min(service_rates.unit_mapping_id) as frequency_mapping_id
    from service_rates
    where
        service_rates.why_not is null
        -- A part of a price that is not understood leaves no price, rather than a smaller one.
        and service_rates.first_line_id not in (
            select held_rates.first_line_id from service_rates as held_rates
            where held_rates.holds_price
        )
    group by service_rates.first_line_id
),

-- Of several reasons the one that somebody can act on is given.
remarks as (
    select
        service_rates.first_line_id,
        case
            when bool_or(service_rates.why_not = 'NO_PRICE_FACTOR') then 'NO_PRICE_FACTOR'
            when bool_or(service_rates.why_not = 'UNREADABLE_RATE') then 'UNREADABLE_RATE'
            when bool_or(service_rates.why_not = 'UNMAPPED_RATE_TYPE') then 'UNMAPPED_RATE_TYPE'
            when bool_or(service_rates.why_not = 'UNMAPPED_UNIT') then 'UNMAPPED_UNIT'
            when bool_or(service_rates.why_not = 'RATE_STARTS_LATER') then 'RATE_STARTS_LATER'
            else 'NO_GROSS_RATE'
        end as why_unpriced,
        bool_or(service_rates.why_not = 'OTHER_UNIT') as has_other_unit
    from service_rates
    group by service_rates.first_line_id
),

-- The plan of the line in force, in units of the price a week: as it stands where both are one unit,
-- by weeks where both fill some (a price per night, a plan of four weeks), by hours where both have any.
planned as (
    select
        spans.first_line_id,
        case
            when lines.unit_code is null
                then cast(lines.planned_units as decimal(28, 4)) * priced.units_per_week
            when
                lines.unit_frequency = priced.cost_frequency
                and (
                    priced.hours_in_one is null
                    or lines.hours_in_one is null
                    or lines.hours_in_one = priced.hours_in_one
                    or price_frequencies.weekly_at_most is not null
                )
                then lines.weekly_units
            when lines.weeks_in_one is not null and priced.weeks_in_one is not null
                then
                    -- A plan that fills more than the week is no plan for a price by the day.
                    case
                        when cast(lines.weekly_units as double) * lines.weeks_in_one <= 1.005
                            then
                                cast(lines.weekly_units as double) * lines.weeks_in_one
                                / nullif(priced.weeks_in_one, 0)
                    end
            else
                cast(lines.weekly_units as double) * lines.hours_in_one
                / nullif(priced.hours_in_one, 0)
        end as units_of_price
    from spans
    inner join lines
        on spans.line_in_force_id = lines.line_id
    inner join priced
        on spans.first_line_id = priced.first_line_id
    left join frequencies as price_frequencies
        on priced.cost_frequency = price_frequencies.cost_frequency
)

select
    spans.first_line_id,
    priced.rate_id,
    priced.rate_mapping_id,
    priced.frequency_mapping_id,
    lines.unit_mapping_id,
    cast(round(priced.unit_cost, 2) as decimal(18, 2)) as unit_cost,
    priced.cost_frequency,
    coalesce(rate_frequencies.needs_units = 'yes', false) as needs_planned_units,
    -- A frequency of a week or longer says the units itself; a shorter one needs the plan.
    cast(round(
        case
            when rate_frequencies.occurrences is not null
                then rate_frequencies.occurrences / cast(rate_frequencies.in_weeks as decimal(9, 6))
            when rate_frequencies.needs_units = 'yes' then planned.units_of_price
            when priced.first_line_id is null and unit_frequencies.needs_units = 'yes'
                then lines.weekly_units
        end, 2
    ) as decimal(18, 2)) as planned_units_per_week,
    case
        when priced.first_line_id is null then coalesce(remarks.why_unpriced, 'NO_RATE')
        when
            rate_frequencies.needs_units = 'yes'
            and lines.unit_code is not null
            and lines.planned_units is not null
            and planned.units_of_price is null
            then 'UNIT_MISMATCH'
        when remarks.has_other_unit then 'MIXED_RATE_UNITS'
    end as cost_remark
from spans
inner join lines
    on spans.line_in_force_id = lines.line_id
left join priced
    on spans.first_line_id = priced.first_line_id
left join planned
    on spans.first_line_id = planned.first_line_id
left join remarks
    on spans.first_line_id = remarks.first_line_id
left join frequencies as rate_frequencies
    on priced.cost_frequency = rate_frequencies.cost_frequency
left join frequencies as unit_frequencies
    on lines.unit_frequency = unit_frequencies.cost_frequency
