-- Unit cost, frequency and planned units of each service: one row a service, with why one has no cost.
with spans as (
    select
        service_spans.*,
        -- The latest cost known in the period; of a service that ended, the cost at its end. A
        -- one-off is often billed after it was delivered.
        case
            when service_spans.ends_on_delivery then {{ date_setting('reporting_period_end') }}
            else least(
                coalesce(service_spans.end_date, date '9999-12-31'),
                {{ date_setting('reporting_period_end') }}
            )
        end as cost_day
    from {{ ref('cnf_service_spans') }} as service_spans
),

chains as (
    select * from {{ ref('cnf_service_chains') }}
),

rates as (
    select * from {{ ref('cnf_rates') }}
),

lines as (
    select
        service_lines.*,
        unit_mappings.mapping_id as unit_mapping_id,
        unit_mappings.cost_frequency as unit_frequency,
        unit_mappings.units_per_week
    from {{ ref('cnf_service_lines') }} as service_lines
    left join {{ ref('cnf_map_units') }} as unit_mappings
        on
            service_lines.unit_code = unit_mappings.unit_code
            and {{ in_force('unit_mappings', 'service_lines.start_date') }}
),

frequencies as (
    select * from {{ ref('spec_cost_frequencies') }}
),

rates_of_service as (
    select
        spans.first_line_id,
        spans.cost_day,
        chains.line_order,
        rates.*,
        coalesce(rates.end_date, date '9999-12-31') >= spans.cost_day as is_in_force,
        case
            when rates.left_out_because is not null then rates.left_out_because
            when rates.start_date > spans.cost_day then 'RATE_STARTS_LATER'
        end as why_not
    from spans
    inner join chains
        on
            spans.first_line_id = chains.first_line_id
            and chains.line_order <= spans.order_in_force
    inner join rates
        on chains.line_id = rates.line_id
),

-- The line in force has the say; a line whose predecessor alone was priced inherits its price.
-- Of rates of one type the latest stands; a rate that ran out counts only if none is in force.
preferred as (
    select
        rates_of_service.*,
        rank() over (
            partition by rates_of_service.first_line_id
            order by rates_of_service.line_order desc, rates_of_service.is_in_force desc
        ) as line_preference,
        row_number() over (
            partition by
                rates_of_service.first_line_id,
                rates_of_service.line_order,
                rates_of_service.rate_type_code
            order by
                rates_of_service.is_in_force desc,
                rates_of_service.start_date desc,
                rates_of_service.rate_id
        ) as type_preference
    from rates_of_service
    where rates_of_service.why_not is null
),

chosen as (
    select
        preferred.*,
        first_value(preferred.cost_frequency) over (
            partition by preferred.first_line_id
            order by
                preferred.start_date desc, abs(preferred.amount) desc, preferred.rate_id
        ) as main_frequency
    from preferred
    where
        preferred.line_preference = 1
        and preferred.type_preference = 1
),

-- Gross cost is often split in two (core price and extra need): parts of one frequency add up.
priced as (
    select
        chosen.first_line_id,
        min(chosen.main_frequency) as cost_frequency,
        sum(case when chosen.cost_frequency = chosen.main_frequency then chosen.amount end)
            as unit_cost,
        min(case when chosen.cost_frequency = chosen.main_frequency then chosen.rate_id end)
            as rate_id,
        min(chosen.rate_mapping_id) as rate_mapping_id,
        min(case when chosen.cost_frequency = chosen.main_frequency then chosen.unit_mapping_id end)
            as frequency_mapping_id,
        min(case when chosen.cost_frequency = chosen.main_frequency then chosen.units_per_week end)
            as rate_units_per_week,
        count(distinct chosen.cost_frequency) as frequencies
    from chosen
    group by chosen.first_line_id
),

-- Of several reasons the one that somebody can act on is given.
unpriced as (
    select
        rates_of_service.first_line_id,
        min(case rates_of_service.why_not
            when 'UNREADABLE_RATE' then '1 UNREADABLE_RATE'
            when 'UNMAPPED_RATE_TYPE' then '2 UNMAPPED_RATE_TYPE'
            when 'UNMAPPED_UNIT' then '3 UNMAPPED_UNIT'
            when 'RATE_STARTS_LATER' then '4 RATE_STARTS_LATER'
            else '5 NO_GROSS_RATE'
        end) as reason
    from rates_of_service
    group by rates_of_service.first_line_id
)

select
    spans.first_line_id,
    lines.line_id as line_in_force_id,
    priced.rate_id,
    priced.rate_mapping_id,
    priced.frequency_mapping_id,
    lines.unit_mapping_id,
    cast(round(priced.unit_cost, 2) as decimal(18, 2)) as unit_cost,
    priced.cost_frequency,
    cast(round(
        case
            when rate_frequencies.standard_units_per_week is not null
                then rate_frequencies.standard_units_per_week
            when rate_frequencies.needs_planned_units = 'Y' and lines.unit_code is null
                then lines.planned_units * priced.rate_units_per_week
            when rate_frequencies.needs_planned_units = 'Y' and lines.unit_frequency = priced.cost_frequency
                then lines.planned_units * lines.units_per_week
            when priced.first_line_id is null and unit_frequencies.needs_planned_units = 'Y'
                then lines.planned_units * lines.units_per_week
        end, 2
    ) as decimal(18, 2)) as planned_units_per_week,
    case
        when priced.first_line_id is null and unpriced.first_line_id is null then 'NO_RATE'
        when priced.first_line_id is null then substr(unpriced.reason, 3)
        when priced.frequencies > 1 then 'MIXED_RATE_UNITS'
        when
            rate_frequencies.needs_planned_units = 'Y'
            and lines.unit_code is not null
            and lines.unit_frequency is distinct from priced.cost_frequency
            then 'UNIT_MISMATCH'
    end as cost_remark
from spans
inner join lines
    on spans.line_in_force_id = lines.line_id
left join priced
    on spans.first_line_id = priced.first_line_id
left join unpriced
    on spans.first_line_id = unpriced.first_line_id
left join frequencies as rate_frequencies
    on priced.cost_frequency = rate_frequencies.cost_frequency
left join frequencies as unit_frequencies
    on lines.unit_frequency = unit_frequencies.cost_frequency
