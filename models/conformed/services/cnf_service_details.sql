-- Services in CLD words, one row a chain of lines, for the person they are reported on, with why one is left out.
with

spans as (
    select * from {{ ref('cnf_service_spans') }}
),

lines as (
    select * from {{ ref('cnf_service_lines') }}
),

costs as (
    select * from {{ ref('cnf_service_costs') }}
),

carer_links as (
    select * from {{ ref('cnf_carer_links') }}
    where exclusion_code is null
),

-- Support given to the person cared for, for the carer's sake, is reported for the carer: the
-- main carer, or the only one. Where nobody can be named, it stays with the person cared for.
carers_of as (
    select
        carer_links.cared_for_person_id as person_id,
        case
            when count(*) filter (where carer_links.is_main_carer) = 1
                then min(case when carer_links.is_main_carer then carer_links.carer_person_id end)
            when count(*) = 1 then min(carer_links.carer_person_id)
        end as carer_person_id
    from carer_links
    group by carer_links.cared_for_person_id
),

people_who_care as (
    select distinct carer_links.carer_person_id as person_id
    from carer_links
),

-- Whether support for the carer's sake stands on the carer's row the mapping of roles says (CAR-05).
roles as (
    select
        lines.line_id,
        roles_mapping.mapping_id as client_type_mapping_id,
        case
            when coalesce(lines.subject_role, '') <> 'CARED_FOR'
                or roles_mapping.cld_value = {{ cld_value('service_user') }}
                then lines.person_id
            else coalesce(carers_of.carer_person_id, lines.person_id)
        end as person_id,
        case
            when
                lines.subject_role = 'CARED_FOR'
                and carers_of.carer_person_id is null
                and people_who_care.person_id is null
                then {{ cld_value('service_user') }}
            else roles_mapping.cld_value
        end as client_type
    from lines
    left join carers_of
        on lines.person_id = carers_of.person_id
    left join people_who_care
        on lines.person_id = people_who_care.person_id
    {{ join_mapping('roles_mapping', 'subject_role', 'lines.subject_role', 'lines.start_date') }}
),

outcomes as (
    select * from {{ ref('cnf_event_outcomes') }}
    where source_table = 'service_package'
)

select
    'service_line' as source_table,
    spans.first_line_id as source_record_id,
    spans.first_line_id as event_reference,
    spans.line_in_force_id,
    roles.person_id,
    roles.client_type,
    roles.client_type_mapping_id,
    spans.start_date as event_start_date,
    spans.end_date as event_end_date,
    least(
        coalesce(spans.end_date, date '9999-12-31'), {{ date_setting('reporting_period_end') }}
    ) as event_day,
    spans.end_basis,
    case
        when spans.end_date is null then {{ cld_value('continuation_of_support') }}
        when spans.end_basis = 'death' then {{ cld_value('deceased') }}
        -- The line stopped while its package went on: the person is still supported.
        when
            spans.end_basis = 'line'
            and spans.recorded_end_date < coalesce(
                spans.package_end_date,
                case when outcomes.source_record_id is null then date '9999-12-31' end
            )
            then {{ cld_value('continuation_of_support') }}
        when outcomes.source_record_id is not null then outcomes.event_outcome
        when spans.end_basis = 'delivery' then {{ cld_value('support_ended_as_planned') }}
    end as event_outcome,
    case when outcomes.source_record_id is not null then outcomes.mapping_id end
        as event_outcome_mapping_id,
    lines.service_type,
    lines.service_component,
    lines.service_mapping_id,
    lines.delivery_mechanism,
    lines.delivery_mapping_id,
    lines.element_code,
    lines.provider_id,
    providers.cqc_location_name as provider_cqc_location_name,
    providers.cqc_location_id as provider_cqc_location_id,
    costs.unit_cost,
    costs.cost_frequency,
    costs.planned_units_per_week,
    costs.cost_remark,
    costs.needs_planned_units,
    lines.team_id,
    case
        -- Outside the period because one of its own dates is wrong: said before the period is.
        when
            spans.end_date < spans.start_date
            and (
                spans.end_date < {{ date_setting('reporting_period_start') }}
                or spans.start_date > {{ date_setting('reporting_period_end') }}
            )
            then 'END_BEFORE_START'
        when
            spans.start_date > {{ date_setting('reporting_period_end') }}
            then 'STARTS_AFTER_PERIOD'
        when
            spans.end_date < {{ date_setting('reporting_period_start') }}
            then 'ENDED_BEFORE_PERIOD'
    end as exclusion_code
from spans
inner join lines
    on spans.line_in_force_id = lines.line_id
inner join roles
    on spans.line_in_force_id = roles.line_id
inner join costs
    on spans.first_line_id = costs.first_line_id
left join outcomes
    on spans.last_package_id = outcomes.source_record_id
left join {{ ref('cnf_providers') }} as providers
    on lines.provider_id = providers.provider_id
