-- The periods DHSC selects submissions for: the 12 months, and each quarter of the joined table.
with

quarters as (

    select
        {{ series_of_days(
            date_setting('joined_period_start'),
            'greatest(' ~ date_setting('joined_period_start') ~ ', cast('
            ~ dbt.dateadd('month', -3, date_setting('reporting_period_end') ~ ' + 1') ~ ' as date))',
            '3 month'
        ) }} as period_start

)

select
    'single' as events_table,
    {{ date_setting('reporting_period_start') }} as period_start,
    {{ date_setting('reporting_period_end') }} as period_end
union all
select
    'joined' as events_table,
    quarters.period_start,
    cast({{ dbt.dateadd('month', 3, 'quarters.period_start') }} as date) - 1 as period_end
from quarters
