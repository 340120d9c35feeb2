-- Rates with what their codes mean, one row each: whether they belong in the unit cost, and the price for one
-- unit of the cost frequency.
with

rates as (
    select * from {{ ref('stg_extracts__rate') }}
),

rate_mappings as (
    select * from {{ ref('cnf_map_rates') }}
),

unit_mappings as (
    select * from {{ ref('cnf_map_units') }}
)

select
    rates.rate_id,
    rates.line_id,
    rates.rate_type_code,
    rates.amount,
    rates.per_unit_code,
    rates.start_date,
    rates.end_date,
    rate_mappings.mapping_id as rate_mapping_id,
    unit_mappings.mapping_id as unit_mapping_id,
    unit_mappings.cost_frequency,
    unit_mappings.units_per_week,
    unit_mappings.hours_in_one,
    unit_mappings.weeks_in_one,
    -- Two amounts of 18 figures leave four before the point of their product: a price of 10,000 pounds is none.
    cast(rates.amount as decimal(28, 4)) * unit_mappings.price_factor as price,
    case
        when rates.start_date is null then 'UNREADABLE_RATE'
        when rate_mappings.mapping_id is null then 'UNMAPPED_RATE_TYPE'
        -- What never belongs in the price need not be understood any further.
        when not rate_mappings.in_unit_cost then 'NOT_IN_UNIT_COST'
        when
            rates.amount is null
            or not {{ was_readable('rates', ['amount', 'start_date', 'end_date']) }}
            then 'UNREADABLE_RATE'
        when unit_mappings.mapping_id is null then 'UNMAPPED_UNIT'
        when unit_mappings.price_factor is null then 'NO_PRICE_FACTOR'
    end as left_out_because
from rates
left join rate_mappings
    on
        rates.rate_type_code = rate_mappings.rate_type_code
        and {{ in_force('rate_mappings', 'rates.start_date') }}
left join unit_mappings
    on
        rates.per_unit_code = unit_mappings.unit_code
        and {{ in_force('unit_mappings', 'rates.start_date') }}
