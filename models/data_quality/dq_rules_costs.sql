-- CST rules: cost, frequency and planned units that do not fit each other.
with

cost_frequencies as (
    select * from {{ ref('spec_cost_frequencies') }}
)

select {{ breach('CST-01', 'cost_frequency_unit_type') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = 'Service'
    and (
        (rows_read.unit_cost is not null and rows_read.cost_frequency_unit_type is null)
        or (
            rows_read.unit_cost is null
            and rows_read.cost_frequency_unit_type <> 'No charge to client'
        )
    )
union all
select {{ breach('CST-02', 'planned_units_per_week') }}
from {{ ref('dq_rows') }} as rows_read
inner join cost_frequencies
    on rows_read.cost_frequency_unit_type = cost_frequencies.cost_frequency
where
    rows_read.event_type = 'Service'
    and cost_frequencies.needs_units = 'yes'
    and (rows_read.planned_units_per_week is null or rows_read.planned_units_number <= 0)
union all
select {{ breach('CST-03', 'planned_units_per_week') }}
from {{ ref('dq_rows') }} as rows_read
inner join cost_frequencies
    on rows_read.cost_frequency_unit_type = cost_frequencies.cost_frequency
where
    cost_frequencies.in_weeks is not null
    and abs(
        rows_read.planned_units_number
        - cast(cost_frequencies.occurrences as decimal(28, 10)) / cost_frequencies.in_weeks
    ) > 0.005
union all
select {{ breach('CST-04', 'unit_cost') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = 'Service'
    and rows_read.unit_cost_number * rows_read.planned_units_number
    not between {{ setting('plausible_weekly_cost_min') }}
    and {{ setting('plausible_weekly_cost_max') }}
