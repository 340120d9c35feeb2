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
        spec_frequencies.needs_units,
        spec_frequencies.occurrences / cast(spec_frequencies.in_weeks as double)
            as occurrences_per_week,
        spec_frequencies.weekly_at_most
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
        rates.hours_in_one,
        rates.weeks_in_one,
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

chosen as (
    select
        rates_of_service.first_line_id,
        rates_of_service.rate_id,
        rates_of_service.cost_frequency,
        rates_of_service.hours_in_one,
        rates_of_service.weeks_in_one,
        rates_of_service.why_not is not null as is_held,
        first_value(rates_of_service.rate_id) over (
            partition by rates_of_service.first_line_id
            order by
                rates_of_service.start_date desc,
                abs(rates_of_service.amount) desc,
                rates_of_service.rate_id
        ) as main_rate_id
    from preferred
    inner join rates_of_service
        on
            preferred.first_line_id = rates_of_service.first_line_id
            and preferred.rate_id = rates_of_service.rate_id
    where
        preferred.line_preference = 1
        and preferred.type_preference = 1
),

-- Parts of one price add up, those of another length as so much of the main part's (a weekly price
-- and a four-weekly one, an hour and a visit of 45 minutes). What a plan multiplies and what a week
-- costs anyway (a day's price beside a week's, a fee beside either) cannot be one number.
parts as (
    select
        chosen.first_line_id,
        chosen.rate_id,
        chosen.is_held,
        main_parts.cost_frequency as main_frequency,
        main_parts.hours_in_one as main_hours_in_one,
        main_parts.weeks_in_one as main_weeks_in_one,
        case
            when
                own_frequencies.needs_units = 'yes'
                and main_frequencies.needs_units = 'yes'
                and not coalesce(
                    chosen.cost_frequency = main_parts.cost_frequency
                    and own_frequencies.weekly_at_most is not null,
                    false
                )
                and chosen.hours_in_one is not null
                and main_parts.hours_in_one is not null
                then main_parts.hours_in_one / chosen.hours_in_one
            when chosen.cost_frequency = main_parts.cost_frequency then 1
            else own_frequencies.occurrences_per_week / main_frequencies.occurrences_per_week
        end as share_of_main
    from chosen
    inner join chosen as main_parts
        on
            chosen.first_line_id = main_parts.first_line_id
            and chosen.main_rate_id = main_parts.rate_id
    left join frequencies as own_frequencies
        on chosen.cost_frequency = own_frequencies.cost_frequency
    left join frequencies as main_frequencies
        on main_parts.cost_frequency = main_frequencies.cost_frequency
)

select
    rates_of_service.first_line_id,
    rates_of_service.rate_id,
    rates_of_service.amount,
    case
        when parts.share_of_main <> 1
            then cast(rates_of_service.price * parts.share_of_main as decimal(28, 10))
        else cast(rates_of_service.price as decimal(28, 10))
    end as price,
    case
        when parts.share_of_main is not null then parts.main_frequency
        else rates_of_service.cost_frequency
    end as cost_frequency,
    rates_of_service.units_per_week,
    case
        when parts.share_of_main is not null then parts.main_hours_in_one
        else rates_of_service.hours_in_one
    end as hours_in_one,
    case
        when parts.share_of_main is not null then parts.main_weeks_in_one
        else rates_of_service.weeks_in_one
    end as weeks_in_one,
    rates_of_service.rate_mapping_id,
    rates_of_service.unit_mapping_id,
    coalesce(parts.is_held, false) as holds_price,
    case
        when rates_of_service.why_not is not null then rates_of_service.why_not
        when parts.rate_id is null then 'SUPERSEDED_RATE'
        when parts.share_of_main is null and parts.main_frequency is not null then 'OTHER_UNIT'
    end as why_not
from rates_of_service
left join parts
    on
        rates_of_service.first_line_id = parts.first_line_id
        and rates_of_service.rate_id = parts.rate_id
