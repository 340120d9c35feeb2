-- What a week of a service costs in the council's own units (its price times its plan) and in the units
-- of the return; wherever one rate prices a plan in the same unit. Apart by no more than the rounding.
{{ config(group="building_the_return") }}
with

units as (
    select * from {{ ref('cnf_map_units') }}
),

single_rates as (
    select
        service_rates.first_line_id,
        min(service_rates.rate_id) as rate_id
    from {{ ref('cnf_service_rates') }} as service_rates
    where service_rates.why_not is null
    group by service_rates.first_line_id
    having count(*) = 1
),

weekly_costs as (
    select
        costs.first_line_id,
        rates.amount * lines.planned_units / units.planned_for_weeks as cost_in_local_units,
        costs.unit_cost * costs.planned_units_per_week as cost_in_units_of_the_return,
        0.005 * (abs(costs.unit_cost) + costs.planned_units_per_week) + 0.01 as rounding
    from {{ ref('cnf_service_costs') }} as costs
    inner join single_rates
        on costs.first_line_id = single_rates.first_line_id
    inner join {{ ref('stg_extracts__rate') }} as rates
        on single_rates.rate_id = rates.rate_id
    inner join {{ ref('cnf_service_spans') }} as spans
        on costs.first_line_id = spans.first_line_id
    inner join {{ ref('cnf_service_lines') }} as lines
        on
            spans.line_in_force_id = lines.line_id
            and rates.per_unit_code = lines.unit_code
    inner join units
        on costs.unit_mapping_id = units.mapping_id
    where costs.needs_planned_units
)

select
    weekly_costs.first_line_id,
    weekly_costs.cost_in_local_units,
    weekly_costs.cost_in_units_of_the_return
from weekly_costs
where
    abs(weekly_costs.cost_in_local_units - weekly_costs.cost_in_units_of_the_return)
    > weekly_costs.rounding
