-- Which rates price each service: one row for each rate of its lines, chosen or with the reason why not.
with

services as (
    select
        service_spans.first_line_id,
        service_spans.order_in_force,
        -- The latest cost known in the period; of a service that ended, the cost at its end. A
        -- one-off is often billed after it was delivered.
        case
            when service_spans.ends_on_delivery then {{ date_setting('reporting_period_end') }}
            when service_spans.end_date < {{ date_setting('reporting_period_end') }}
                then service_spans.end_date
            else {{ date_setting('reporting_period_end') }}
        end as cost_day
    from {{ ref('cnf_service_spans') }} as service_spans
),

chains as (
    select * from {{ ref('cnf_service_chains') }}
),

rates as (
    select * from {{ ref('cnf_rates') }}
),

frequencies as (
    select
        spec_frequencies.cost_frequency,
        spec_frequencies.occurrences / cast(spec_frequencies.in_weeks as double)
            as occurrences_per_week
    from {{ ref('spec_cost_frequencies') }} as spec_frequencies
),

rates_of_service as (
    select
        services.first_line_id,
        services.cost_day,
        chains.line_order,
        rates.rate_id,
        rates.rate_type_code,
        rates.amount,
        rates.price,
        rates.cost_frequency,
        rates.units_per_week,
        rates.rate_mapping_id,
        rates.unit_mapping_id,
        rates.start_date,
        coalesce(rates.end_date, date '9999-12-31') >= services.cost_day as is_in_force,
        case
            when rates.left_out_because is not null then rates.left_out_because
            when
                chains.line_order > services.order_in_force
                or rates.start_date > services.cost_day
                then 'RATE_STARTS_LATER'
        end as why_not,
        -- A price that is recorded but not understood must not let an older one stand in its place.
        chains.line_order <= services.order_in_force
        and rates.start_date <= services.cost_day
        and (
            rates.left_out_because is null
            or rates.left_out_because in ('UNREADABLE_RATE', 'UNMAPPED_UNIT', 'NO_PRICE_FACTOR')
        ) as may_price
    from services
    inner join chains
        on services.first_line_id = chains.first_line_id
    inner join rates
        on chains.line_id = rates.line_id
),

-- The line in force has the say; a line whose predecessor alone was priced inherits its price.
-- Of rates of one type the latest stands; a rate that ran out counts only if none is in force.
preferred as (
    select
        rates_of_service.first_line_id,
        rates_of_service.rate_id,
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
    where rates_of_service.may_price
),

-- Parts of one price add up, those of other weeks as so much of the main part's (a weekly price and a
-- four-weekly one); parts without a length in weeks (a one-off fee beside a weekly price) cannot.
chosen as (
    select
        rates_of_service.first_line_id,
        rates_of_service.rate_id,
        rates_of_service.cost_frequency,
        rates_of_service.why_not is not null as is_held,
        first_value(rates_of_service.cost_frequency) over (
            partition by rates_of_service.first_line_id
            order by
                rates_of_service.start_date desc,
                abs(rates_of_service.amount) desc,
                rates_of_service.rate_id
        ) as main_frequency
    from preferred
    inner join rates_of_service
        on
            preferred.first_line_id = rates_of_service.first_line_id
            and preferred.rate_id = rates_of_service.rate_id
    where
        preferred.line_preference = 1
        and preferred.type_preference = 1
)

select
    rates_of_service.first_line_id,
    rates_of_service.rate_id,
    rates_of_service.amount,
    case
        when own_frequencies.occurrences_per_week <> main_frequencies.occurrences_per_week
            then
                cast(
                    rates_of_service.price * own_frequencies.occurrences_per_week
                    / main_frequencies.occurrences_per_week as decimal(28, 10)
                )
        else cast(rates_of_service.price as decimal(28, 10))
    end as price,
    case
        when main_frequencies.occurrences_per_week is not null
            and own_frequencies.occurrences_per_week is not null
            then chosen.main_frequency
        else rates_of_service.cost_frequency
    end as cost_frequency,
    rates_of_service.units_per_week,
    rates_of_service.rate_mapping_id,
    rates_of_service.unit_mapping_id,
    coalesce(chosen.is_held, false) as holds_price,
    case
        when rates_of_service.why_not is not null then rates_of_service.why_not
        when chosen.rate_id is null then 'SUPERSEDED_RATE'
        when
            chosen.cost_frequency <> chosen.main_frequency
            and (
                own_frequencies.occurrences_per_week is null
                or main_frequencies.occurrences_per_week is null
            )
            then 'OTHER_UNIT'
    end as why_not
from rates_of_service
left join chosen
    on
        rates_of_service.first_line_id = chosen.first_line_id
        and rates_of_service.rate_id = chosen.rate_id
left join frequencies as own_frequencies
    on chosen.cost_frequency = own_frequencies.cost_frequency
left join frequencies as main_frequencies
    on chosen.main_frequency = main_frequencies.cost_frequency
