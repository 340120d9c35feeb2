-- One row for each service (a chain of lines): when it really began and ended, and its line in force.
with

lines as (
    select * from {{ ref('cnf_service_lines') }}
),

chains as (
    select * from {{ ref('cnf_service_chains') }}
),

chained as (
    select
        chains.first_line_id,
        chains.line_order,
        lines.*,
        max(chains.line_order) over (partition by chains.first_line_id) as last_order,
        max(
            case
                when
                    lines.start_date <= {{ date_setting('reporting_period_end') }}
                    then chains.line_order
            end
        )
            over (partition by chains.first_line_id) as order_in_force
    from chains
    inner join lines
        on chains.line_id = lines.line_id
),

spans as (
    select
        last_lines.first_line_id,
        first_lines.start_date,
        lines_in_force.line_id as line_in_force_id,
        lines_in_force.line_order as order_in_force,
        last_lines.line_id as last_line_id,
        last_lines.date_of_death,
        last_lines.ends_on_delivery,
        last_lines.package_id as last_package_id,
        last_lines.recorded_end_date,
        last_lines.package_end_date,
        -- An end that lies after the day the file is sent is a plan: the service still runs.
        case
            when last_lines.ends_on_delivery then first_lines.start_date
            when
                last_lines.end_date <= {{ date_setting('submission_date') }}
                then last_lines.end_date
        end as end_before_death
    from chained as last_lines
    inner join chained as first_lines
        on
            last_lines.first_line_id = first_lines.first_line_id
            and first_lines.line_order = 1
    inner join chained as lines_in_force
        on
            last_lines.first_line_id = lines_in_force.first_line_id
            and lines_in_force.line_order = coalesce(last_lines.order_in_force, 1)
    where last_lines.line_order = last_lines.last_order
)

select
    spans.first_line_id,
    spans.line_in_force_id,
    spans.order_in_force,
    spans.last_line_id,
    spans.last_package_id,
    spans.start_date,
    case
        when spans.date_of_death < coalesce(spans.end_before_death, date '9999-12-31')
            then spans.date_of_death
        else spans.end_before_death
    end as end_date,
    case
        when spans.date_of_death < coalesce(spans.end_before_death, date '9999-12-31') then 'death'
        when spans.ends_on_delivery then 'delivery'
        when spans.end_before_death is not null then 'line'
    end as end_basis,
    spans.recorded_end_date,
    spans.package_end_date,
    spans.ends_on_delivery
from spans
