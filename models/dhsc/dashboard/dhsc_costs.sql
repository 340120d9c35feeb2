-- Dashboard fact: services with a cost in the latest quarter of the 12 months, one row per unique
-- event, with the weekly cost and the cost of the quarter.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02
{{ config(alias='costs') }}
with

services as (

    select * from {{ ref('dhsc_services') }}

),

frequencies as (

    select * from {{ ref('dhsc_cost_frequencies') }}

),

quarter_dates as (

    select
        cast(
            {{ dbt.dateadd('month', -3, date_setting('reporting_period_end') ~ ' + 1') }} as date
        ) as quarter_start,
        {{ date_setting('reporting_period_end') }} as quarter_end

),

-- The comment in DHSC's code has it the wrong way round: planned units are used where the frequency is
-- not one of the known ones, such as hourly, daily, per session or missing.
priced as (

    select
        services.*,
        abs(services.unit_cost) as unit_cost_amount,
        coalesce(
            lower(services.cost_frequency_unit_type) = {{ dhsc_value('one_off_cost', 'key') }},
            false
        )
            as is_one_off,
        coalesce(frequencies.units_per_week, abs(services.planned_units_per_week)) as weekly_units,
        greatest(services.event_start_date, quarter_dates.quarter_start) as first_day,
        least(coalesce(services.event_end_date, quarter_dates.quarter_end), quarter_dates.quarter_end)
            as last_day
    from services
    cross join quarter_dates
    left join frequencies
        on lower(services.cost_frequency_unit_type) like frequencies.prefix || '%'
    where
        services.event_start_date <= quarter_dates.quarter_end
        and (
            services.event_end_date >= quarter_dates.quarter_start
            or services.event_end_date is null
        )

),

-- Weeks are cut, not rounded, after six decimals, as SQL Server divides by 7.0. One-off costs count in
-- full even where the row merely overlaps the quarter.
weekly as (

    select
        priced.*,
        case
            when not priced.is_one_off
                then cast(priced.unit_cost_amount as decimal(18, 2))
                * cast(priced.weekly_units as decimal(12, 6))
        end as cost_per_week,
        case
            when not priced.is_one_off
                then cast(
                    sign({{ dbt.datediff('priced.first_day', 'priced.last_day', 'day') }} + 1)
                    * floor(
                        abs({{ dbt.datediff('priced.first_day', 'priced.last_day', 'day') }} + 1)
                        * 1000000 / 7
                    ) / 1000000 as decimal(10, 6)
                )
        end as weeks_of_service
    from priced
    where
        priced.unit_cost_amount > 0
        and (priced.is_one_off or priced.weekly_units > 0)

)

select
    weekly.kept_row_id,
    weekly.la_code,
    weekly.client_type,
    weekly.gender,
    weekly.ethnicity,
    weekly.der_age_band,
    weekly.der_working_age_band,
    weekly.primary_support_reason,
    weekly.event_outcome,
    weekly.event_outcome_grouped,
    weekly.service_type,
    weekly.service_type_grouped,
    weekly.service_component,
    weekly.der_nhs_la_combined_person_id,
    cast(weekly.cost_per_week as decimal(30, 8)) as cost_per_week,
    weekly.weeks_of_service,
    case
        when weekly.is_one_off then cast(weekly.unit_cost_amount as decimal(38, 14))
        else cast(
            cast(weekly.cost_per_week as decimal(26, 8)) * cast(weekly.weeks_of_service as decimal(10, 6))
            as decimal(38, 14)
        )
    end as total_cost_period
from weekly
