-- Services with two prices of one type in force at once, or one price under two types, in words: one row a service.
{{ config(materialized='view') }}

with

rates as (
    select * from {{ ref('cnf_rates') }}
),

chains as (
    select * from {{ ref('cnf_service_chains') }}
)

-- Many systems end a price on the day on which the next begins: that day is the new price's, and
-- the finding says so.
select
    chains.first_line_id,
    min(
        'rates ' || earlier_rates.rate_id || ' and ' || later_rates.rate_id
        || case
            when earlier_rates.rate_type_code <> later_rates.rate_type_code
                then
                    ' of one amount, under types ' || earlier_rates.rate_type_code || ' and '
                    || later_rates.rate_type_code || ': the unit cost has both'
            else ' of type ' || earlier_rates.rate_type_code
        end
        || case
            when
                earlier_rates.end_date = later_rates.start_date
                and earlier_rates.start_date < later_rates.start_date
                then
                    ', on one day only: ' || earlier_rates.rate_id
                    || ' ends on the day on which ' || later_rates.rate_id || ' begins'
            else ''
        end
    ) as cost_finding
from rates as earlier_rates
inner join rates as later_rates
    on
        earlier_rates.line_id = later_rates.line_id
        and (
            earlier_rates.rate_type_code = later_rates.rate_type_code
            -- Parts of a price differ; one amount per one unit from one day on is one price twice.
            or (
                earlier_rates.amount = later_rates.amount
                and earlier_rates.amount <> 0
                and earlier_rates.per_unit_code = later_rates.per_unit_code
                and earlier_rates.start_date = later_rates.start_date
            )
        )
        and (
            earlier_rates.start_date < later_rates.start_date
            or (
                earlier_rates.start_date = later_rates.start_date
                and earlier_rates.rate_id < later_rates.rate_id
            )
        )
inner join chains
    on earlier_rates.line_id = chains.line_id
where
    earlier_rates.left_out_because is null
    and later_rates.left_out_because is null
    and coalesce(earlier_rates.end_date, date '9999-12-31') >= later_rates.start_date
    and coalesce(earlier_rates.end_date, date '9999-12-31')
    >= {{ date_setting('reporting_period_start') }}
    and coalesce(later_rates.end_date, date '9999-12-31')
    >= {{ date_setting('reporting_period_start') }}
    and later_rates.start_date <= {{ date_setting('reporting_period_end') }}
group by chains.first_line_id
