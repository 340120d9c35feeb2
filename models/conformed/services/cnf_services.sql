-- Services as the return holds them: two carers at a time, recorded as two equal lines, become one row.
with

details as (
    select * from {{ ref('cnf_service_details') }}
),

-- The centre drops all but one of rows that are equal in everything it looks at, and the hours of
-- the second carer with them. Only where units are planned can they be added up.
grouped as (
    select
        details.*,
        -- Of equal lines, which began on one day, the first by its number gives the reference.
        first_value(details.source_record_id) over (
            same_service
            order by {{ key_order('details.source_record_id') }}
        ) as combined_record_id,
        sum(details.planned_units_per_week) over same_service
            as combined_units
    from details
    window same_service as (
        partition by
            details.person_id,
            details.client_type,
            details.service_type,
            details.service_component,
            details.element_code,
            details.delivery_mechanism,
            details.provider_id,
            details.event_start_date,
            details.event_end_date,
            details.event_outcome,
            details.unit_cost,
            details.cost_frequency,
            details.planned_units_per_week,
            details.exclusion_code,
            case
                when not details.needs_planned_units or details.planned_units_per_week is null
                    then details.source_record_id
            end
    )
)

select
    grouped.source_table,
    grouped.source_record_id,
    grouped.combined_record_id,
    grouped.event_reference,
    grouped.line_in_force_id,
    grouped.person_id,
    grouped.client_type,
    grouped.client_type_mapping_id,
    grouped.event_start_date,
    grouped.event_end_date,
    grouped.event_day,
    grouped.end_basis,
    grouped.event_outcome,
    grouped.event_outcome_mapping_id,
    grouped.service_type,
    grouped.service_component,
    grouped.service_mapping_id,
    grouped.delivery_mechanism,
    grouped.delivery_mapping_id,
    grouped.provider_id,
    grouped.provider_cqc_location_name,
    grouped.provider_cqc_location_id,
    grouped.unit_cost,
    grouped.cost_frequency,
    cast(grouped.combined_units as decimal(18, 2)) as planned_units_per_week,
    grouped.cost_remark,
    grouped.team_id,
    grouped.exclusion_code
from grouped
