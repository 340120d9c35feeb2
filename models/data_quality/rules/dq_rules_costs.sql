-- CST rules: cost, frequency and planned units that do not fit each other.
with

cost_frequencies as (
    select * from {{ ref('spec_cost_frequencies') }}
),

priced_services as (
    select
        rows_read.submission_id,
        rows_read.row_number,
        rows_read.la_person_unique_identifier,
        rows_read.unit_cost,
        rows_read.unit_cost_number,
        rows_read.event_start_day,
        rows_read.event_end_day,
        -- All that two rows of one service line share.
        concat_ws(
            chr(31),
            coalesce(rows_read.la_code, ''),
            coalesce(rows_read.client_type, ''),
            coalesce(rows_read.service_type, ''),
            coalesce(rows_read.service_component, ''),
            coalesce(rows_read.delivery_mechanism, ''),
            coalesce(rows_read.provider_cqc_location_name, ''),
            coalesce(rows_read.provider_cqc_location_id, ''),
            coalesce(rows_read.cost_frequency_unit_type, ''),
            coalesce(cast(rows_read.planned_units_number as string), '')
        ) as service_line
    from {{ ref('dq_rows') }} as rows_read
    where
        rows_read.event_type = {{ cld_value('service') }}
        and rows_read.la_person_unique_identifier is not null
        and rows_read.unit_cost_number is not null
)

select {{ breach('CST-01', 'cost_frequency_unit_type') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and (
        (rows_read.unit_cost is not null and rows_read.cost_frequency_unit_type is null)
        or (
            rows_read.unit_cost is null
            and rows_read.cost_frequency_unit_type <> {{ cld_value('no_charge') }}
        )
    )
union all
select {{ breach('CST-02', 'planned_units_per_week') }}
from {{ ref('dq_rows') }} as rows_read
inner join cost_frequencies
    on rows_read.cost_frequency_unit_type = cost_frequencies.cost_frequency
where
    rows_read.event_type = {{ cld_value('service') }}
    and cost_frequencies.needs_units = 'yes'
    and (rows_read.planned_units_per_week is null or rows_read.planned_units_number <= 0)
union all
select {{ breach('CST-03', 'planned_units_per_week') }}
from {{ ref('dq_rows') }} as rows_read
inner join cost_frequencies
    on rows_read.cost_frequency_unit_type = cost_frequencies.cost_frequency
where
    cost_frequencies.in_weeks is not null
    -- Multiplied out, because a division would not be exact at the edge of the tolerance.
    and abs(
        rows_read.planned_units_number * cost_frequencies.in_weeks - cost_frequencies.occurrences
    ) > 0.005 * cost_frequencies.in_weeks
union all
select {{ breach('CST-04', 'unit_cost') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and case
        -- The product of numbers as large as this need not fit a decimal.
        when greatest(abs(rows_read.unit_cost_number), abs(rows_read.planned_units_number)) >= 1e8
            then
                cast(rows_read.unit_cost_number as double)
                * cast(rows_read.planned_units_number as double)
                not between {{ setting('plausible_weekly_cost_min') }}
                and {{ setting('plausible_weekly_cost_max') }}
        else
            rows_read.unit_cost_number * rows_read.planned_units_number
            not between {{ setting('plausible_weekly_cost_min') }}
            and {{ setting('plausible_weekly_cost_max') }}
    end
union all
-- An uplift that made a second row: the line ends and goes on at once, and only the cost is new.
select distinct
    later_services.submission_id,
    later_services.row_number,
    'CST-05' as rule_id,
    'unit_cost' as field_name,
    later_services.unit_cost as found_value,
    cast(null as string) as suggestion
from priced_services as later_services
inner join priced_services as earlier_services
    on
        later_services.submission_id = earlier_services.submission_id
        and later_services.la_person_unique_identifier
        = earlier_services.la_person_unique_identifier
        and later_services.service_line = earlier_services.service_line
where
    later_services.row_number <> earlier_services.row_number
    and later_services.unit_cost_number <> earlier_services.unit_cost_number
    and later_services.event_start_day > earlier_services.event_start_day
    and later_services.event_start_day between earlier_services.event_end_day
    and {{ add_days('earlier_services.event_end_day', 1) }}
{% if setting('include_built') %}
-- What only the extracts show of the return built here.
union all
select
    built_rows.submission_id,
    built_rows.row_number,
    cost_findings.rule_id,
    cost_findings.field_name,
    cost_findings.cost_finding as found_value,
    cast(null as string) as suggestion
from {{ ref('sub_built_rows') }} as built_rows
inner join {{ ref('cnf_cost_findings') }} as cost_findings
    on
        built_rows.source_table = 'service_line'
        and built_rows.source_record_id = cost_findings.first_line_id
{% endif %}
