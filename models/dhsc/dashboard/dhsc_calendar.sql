-- Dashboard dimension: the days of the 12 months with their month, quarter of the financial year and
-- week. A week ends on Sunday; days of a week that is not wholly in the 12 months have none. Nor have
-- the last days of the first month where the week ends in the next: DHSC's code takes them for the
-- first week.
with

days as (

    select {{ series_of_days(date_setting('reporting_period_start'), date_setting('reporting_period_end')) }}
        as calendar_date

),

parts as (

    select
        days.calendar_date,
        cast(date_trunc('month', days.calendar_date) as date) as month_start,
        cast(date_trunc('quarter', days.calendar_date) as date) as quarter_start,
        cast(date_trunc('week', days.calendar_date) as date) + 6 as week_end,
        -- Financial years begin in April: January to March belong to the year before.
        cast(year(days.calendar_date) as integer)
        - case when month(days.calendar_date) < 4 then 1 else 0 end as financial_year
    from days

)

select
    parts.calendar_date,
    parts.month_start,
    cast({{ dbt.last_day('parts.calendar_date', 'month') }} as date) as month_end,
    right(cast(parts.financial_year as string), 2)
    || '-' || right(cast(parts.financial_year + 1 as string), 2) as financial_year,
    'Q' || case cast(month(parts.quarter_start) as integer)
        when 4 then '1'
        when 7 then '2'
        when 10 then '3'
        else '4'
    end as quarter,
    right(cast(parts.financial_year as string), 2)
    || '-' || right(cast(parts.financial_year + 1 as string), 2)
    || '_Q' || case cast(month(parts.quarter_start) as integer)
        when 4 then '1'
        when 7 then '2'
        when 10 then '3'
        else '4'
    end as year_quarter,
    cast({{ dbt.last_day('parts.calendar_date', 'quarter') }} as date) as quarter_end,
    case
        when
            day(parts.week_end) between 1 and 6
            and month(parts.calendar_date) = month({{ date_setting('reporting_period_start') }})
            then null
        when parts.week_end > {{ date_setting('reporting_period_end') }} then null
        else parts.week_end
    end as week_ending
from parts
