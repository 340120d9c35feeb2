-- Lines of packages as CLD services, one row each: for whom, what, when, and why a line is left out.
with

packages as (
    select * from {{ ref('stg_extracts__service_package') }}
),

-- A line left open in a package that has ended ended with it; so did one whose planned end is still to come.
lines as (
    select
        all_lines.*,
        case
            when
                all_lines.end_date > {{ date_setting('submission_date') }}
                and packages.end_date <= {{ date_setting('submission_date') }}
                then packages.end_date
            else coalesce(all_lines.end_date, packages.end_date)
        end as recorded_end_date,
        {{ was_readable('all_lines', ['start_date', 'end_date', 'suspended_from']) }}
        and (
            coalesce(all_lines.end_date <= {{ date_setting('submission_date') }}, false)
            or {{ was_readable('packages', ['end_date']) }}
        ) as has_readable_dates
    from {{ ref('stg_extracts__service_line') }} as all_lines
    left join packages
        on all_lines.package_id = packages.package_id
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

service_mappings as (
    select * from {{ ref('cnf_map_services') }}
),

joined as (
    select
        lines.line_id,
        lines.package_id,
        packages.package_id is not null as has_package,
        packages.person_id as recorded_person_id,
        person_records.survivor_person_id as person_id,
        person_records.exclusion_code as person_exclusion,
        people.date_of_death,
        packages.status as package_status,
        packages.subject_role,
        {{ was_readable('packages', ['status']) }} as has_known_status,
        {{ was_readable('packages', ['subject_role']) }} as has_known_role,
        packages.package_type_code,
        packages.end_date as package_end_date,
        packages.funding_code,
        packages.team_id,
        lines.element_code,
        lines.delivery_code,
        lines.provider_id,
        lines.start_date,
        -- A suspended service stays open, planned end or not; once it is ended it ended on the day of
        -- suspension.
        case
            when
                lines.suspended_from < lines.recorded_end_date
                and lines.recorded_end_date <= {{ date_setting('submission_date') }}
                and lines.suspended_from >= lines.start_date
                then lines.suspended_from
            else lines.recorded_end_date
        end as end_date,
        lines.recorded_end_date,
        lines.has_readable_dates,
        lines.planned_units,
        lines.unit_code,
        lines.previous_line_id,
        lines.source_row,
        coalesce(lines.start_date, {{ date_setting('reporting_period_end') }}) as mapping_day
    from lines
    left join packages
        on lines.package_id = packages.package_id
    left join person_records
        on packages.person_id = person_records.person_id
    left join {{ ref('cnf_people') }} as people
        on person_records.survivor_person_id = people.person_id
),

-- An exact package type or role in the mapping beats '*'.
mapping_choices as (
    select
        joined.line_id,
        service_mappings.mapping_id,
        service_mappings.service_type,
        service_mappings.service_component,
        coalesce(service_mappings.ends_on_delivery, false) as ends_on_delivery,
        service_mappings.exclusion_code,
        row_number() over (
            partition by joined.line_id
            order by
                (service_mappings.package_type_code <> '*') desc,
                (service_mappings.subject_role <> '*') desc,
                service_mappings.mapping_id
        ) as preference
    from joined
    inner join service_mappings
        on
            joined.element_code = service_mappings.element_code
            and service_mappings.package_type_code in ('*', joined.package_type_code)
            and service_mappings.subject_role in ('*', joined.subject_role)
            and {{ in_force('service_mappings', 'joined.mapping_day') }}
),

mapped as (
    select
        joined.*,
        mapping_choices.mapping_id as service_mapping_id,
        mapping_choices.service_type,
        mapping_choices.service_component,
        coalesce(mapping_choices.ends_on_delivery, false) as ends_on_delivery,
        case
            when not coalesce(funding_scope.is_in_scope, true)
                then coalesce(funding_scope.exclusion_code, 'OUT_OF_SCOPE_SELF_FUNDER')
            else mapping_choices.exclusion_code
        end as scope_exclusion
    from joined
    left join mapping_choices
        on
            joined.line_id = mapping_choices.line_id
            and mapping_choices.preference = 1
    left join {{ ref('cnf_map_event_scope') }} as funding_scope
        on
            funding_scope.code_list = 'funding'
            and joined.funding_code = funding_scope.local_code
            and {{ in_force('funding_scope', 'joined.mapping_day') }}
)

select
    mapped.line_id,
    mapped.package_id,
    mapped.person_id,
    mapped.subject_role,
    mapped.package_type_code,
    mapped.package_status,
    mapped.package_end_date,
    mapped.team_id,
    mapped.element_code,
    mapped.delivery_code,
    deliveries.cld_value as delivery_mechanism,
    deliveries.mapping_id as delivery_mapping_id,
    mapped.provider_id,
    mapped.start_date,
    mapped.end_date,
    mapped.recorded_end_date,
    mapped.date_of_death,
    mapped.planned_units,
    mapped.unit_code,
    mapped.previous_line_id,
    mapped.service_mapping_id,
    mapped.service_type,
    mapped.service_component,
    mapped.ends_on_delivery,
    mapped.source_row,
    case
        when not mapped.has_readable_dates then 'UNREADABLE_DATE'
        when not mapped.has_package then 'PACKAGE_NOT_FOUND'
        when mapped.person_id is null then coalesce(mapped.person_exclusion, 'PERSON_NOT_FOUND')
        when mapped.package_status = 'CANCELLED' then 'CANCELLED'
        when mapped.package_status in ('PROPOSED', 'APPROVED') then 'NEVER_BEGAN'
        when mapped.scope_exclusion is not null then mapped.scope_exclusion
        -- What nobody understands neither runs nor has ended.
        when not mapped.has_known_status then 'UNKNOWN_STATUS'
        when not mapped.has_known_role then 'UNKNOWN_ROLE'
        when mapped.start_date is null then 'MISSING_START_DATE'
        -- How systems note that a service was called off: it ends the day before it begins.
        when mapped.end_date = mapped.start_date - 1 then 'NEVER_BEGAN'
        when mapped.start_date > mapped.date_of_death then 'STARTED_AFTER_DEATH'
    end as exclusion_code
from mapped
{{ join_mapping('deliveries', 'delivery', 'mapped.delivery_code', 'mapped.mapping_day') }}
