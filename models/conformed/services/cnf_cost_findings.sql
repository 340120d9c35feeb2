-- What the return alone cannot show about the cost of a service: one row a service and finding, in words.
with

costs as (
    select * from {{ ref('cnf_service_costs') }}
),

service_rates as (
    select * from {{ ref('cnf_service_rates') }}
),

rates as (
    select * from {{ ref('cnf_rates') }}
),

-- Numbers of the mapping as people write them: 0.5 and 2, not 0.5000000000 and 2.0.
open_mappings as (
    select
        units.mapping_id,
        units.unit_code,
        units.cost_frequency,
        units.units_per_week,
        units.open_because,
        rtrim(
            rtrim(cast(cast(units.units_per_week as decimal(18, 6)) as varchar), '0'), '.'
        ) as number_written,
        rtrim(
            rtrim(
                cast(
                    try_cast(1 / nullif(units.units_per_week, 0) as decimal(18, 6)) as varchar
                ), '0'
            ), '.'
        ) as counterpart
    from {{ ref('cnf_map_units') }} as units
    where units.open_because is not null
),

-- What somebody has to write into the row of a unit whose price is open, in words.
open_units as (
    select
        open_mappings.mapping_id,
        case
            when open_mappings.open_because = 'NO_NUMBER'
                then 'of which map_units holds a factor that is no number above 0'
            when open_mappings.open_because = 'CONTRADICTION'
                then
                    'whose factors in map_units contradict each other'
                    || ' (units_per_week x price_factor x planned_for_weeks must be 1)'
            when open_mappings.units_per_week is not null
                then
                    'of which map_units says ' || open_mappings.number_written || ' '
                    || open_mappings.cost_frequency || ' but not what becomes of the price: if one '
                    || open_mappings.unit_code || ' is ' || open_mappings.number_written || ' '
                    || open_mappings.cost_frequency || ', write price_factor '
                    || open_mappings.counterpart
                    || case
                        when open_mappings.units_per_week < 1
                            then
                                '; if the planned number is for ' || open_mappings.counterpart
                                || ' weeks, write planned_for_weeks ' || open_mappings.counterpart
                        else ''
                    end
            else
                'of which map_units says neither how many there are in a week nor how long one is'
                || ' (units_per_week, hours_per_unit, weeks_per_unit)'
        end as what_is_open
    from open_mappings
),

-- One rate for each reason is named; mending it shows the next.
rates_left_out as (
    select
        service_rates.first_line_id,
        service_rates.why_not,
        min(rates.rate_id) as rate_id,
        min_by(rates.per_unit_code, rates.rate_id) as per_unit_code,
        min_by(rates.unit_mapping_id, rates.rate_id) as unit_mapping_id
    from service_rates
    inner join rates
        on service_rates.rate_id = rates.rate_id
    where service_rates.why_not is not null
    group by service_rates.first_line_id, service_rates.why_not
),

incomplete as (
    select
        costs.first_line_id,
        case when costs.cost_remark = 'NO_PRICE_FACTOR' then 'CST-08' else 'CST-06' end as rule_id,
        case
            when costs.cost_remark = 'UNIT_MISMATCH' then 'planned_units_per_week' else 'unit_cost'
        end as field_name,
        case costs.cost_remark
            when 'UNIT_MISMATCH'
                then
                    'the price is per ' || price_rates.per_unit_code || ' ('
                    || costs.cost_frequency || '), the plan in ' || lines.unit_code || ' ('
                    || coalesce(unit_mappings.cost_frequency, 'no mapping') || ')'
                    || case
                        when unit_mappings.mapping_id is null then ''
                        when
                            unit_mappings.weeks_in_one is not null
                            and price_rates.weeks_in_one is not null
                            then ', and more is planned than a week has days'
                        else
                            ', and map_units does not say how many hours '
                            || case
                                when unit_mappings.hours_in_one is null then lines.unit_code
                                else price_rates.per_unit_code
                            end
                            || ' has (hours_per_unit)'
                    end
            when 'MIXED_RATE_UNITS'
                then
                    'the price is per ' || price_rates.per_unit_code || ', and rate '
                    || rates_left_out.rate_id || ' per ' || rates_left_out.per_unit_code
                    || ' cannot be added to it'
            when 'UNREADABLE_RATE'
                then
                    'the amount or a date of rate ' || rates_left_out.rate_id
                    || ' cannot be read or is blank'
            when 'UNMAPPED_UNIT'
                then
                    'rate ' || rates_left_out.rate_id || ' is per '
                    || coalesce(rates_left_out.per_unit_code, 'no unit')
                    || ', which map_units does not hold'
            when 'NO_PRICE_FACTOR'
                then
                    'rate ' || rates_left_out.rate_id || ' is per '
                    || rates_left_out.per_unit_code || ', ' || open_units.what_is_open
        end as cost_finding
    from costs
    inner join {{ ref('cnf_service_spans') }} as spans
        on costs.first_line_id = spans.first_line_id
    inner join {{ ref('cnf_service_lines') }} as lines
        on spans.line_in_force_id = lines.line_id
    left join rates as price_rates
        on costs.rate_id = price_rates.rate_id
    left join {{ ref('cnf_map_units') }} as unit_mappings
        on costs.unit_mapping_id = unit_mappings.mapping_id
    left join rates_left_out
        on
            costs.first_line_id = rates_left_out.first_line_id
            and rates_left_out.why_not
            = case
                when costs.cost_remark = 'MIXED_RATE_UNITS' then 'OTHER_UNIT'
                else costs.cost_remark
            end
    left join open_units
        on rates_left_out.unit_mapping_id = open_units.mapping_id
    where
        costs.cost_remark in (
            'UNIT_MISMATCH', 'MIXED_RATE_UNITS', 'UNREADABLE_RATE', 'UNMAPPED_UNIT',
            'NO_PRICE_FACTOR'
        )
)

select
    incomplete.first_line_id,
    incomplete.rule_id,
    incomplete.field_name,
    incomplete.cost_finding
from incomplete
union all
select
    double_prices.first_line_id,
    'CST-07' as rule_id,
    'unit_cost' as field_name,
    double_prices.cost_finding
from {{ ref('cnf_double_prices') }} as double_prices
