-- Packages and lines whose columns contradict each other, or the line or package that they refer to.
{{ config(materialized='view') }}
{%- set period = [date_setting('reporting_period_start'), date_setting('reporting_period_end')] %}
{#- No service is planned more than a year ahead: its year is typed wrong. -#}
{%- set planned_ahead_days = 366 %}
with

returned as (
    select * from {{ ref('cld_returned_records') }}
),

reviews as (
    select * from {{ ref('stg_extracts__review') }}
),

packages as (
    select * from {{ ref('stg_extracts__service_package') }}
),

lines as (
    select * from {{ ref('cnf_service_lines') }}
),

chains as (
    select * from {{ ref('cnf_service_chains') }}
),

services as (
    select * from {{ ref('cnf_service_spans') }}
),

service_details as (
    select * from {{ ref('cnf_service_details') }}
),

service_mappings as (
    select * from {{ ref('cnf_map_services') }}
),

returned_lines as (
    select lines.*
    from lines
    inner join returned
        on
            returned.source_table = 'service_line'
            and lines.line_id = returned.source_record_id
),

-- What never began ends for no reason, and nobody reviews it.
reviewed_packages as (
    select distinct reviews.package_id
    from reviews
    where
        reviews.status = 'COMPLETED'
        and cast(reviews.completed_at as date) between {{ period | join(' and ') }}
),

packages_that_ran as (
    select
        'service_package' as source_table,
        packages.package_id as source_record_id,
        'status says that it never began, ' || case
            when reviewed_packages.package_id is not null then 'a review in the period that it did'
            else 'end_date and end_reason_code that it ran'
        end || '; it is left out' as contradiction
    from packages
    left join reviewed_packages
        on packages.package_id = reviewed_packages.package_id
    where
        packages.status in ('PROPOSED', 'APPROVED', 'CANCELLED')
        and packages.start_date <= {{ period[1] }}
        and (
            reviewed_packages.package_id is not null
            or (
                packages.end_reason_code is not null
                and packages.end_date > packages.start_date
                and packages.end_date between {{ period[0] }} and {{ date_setting('submission_date') }}
            )
        )
        and exists (
            select 1 from lines
            where lines.package_id = packages.package_id and lines.exclusion_code in ('CANCELLED', 'NEVER_BEGAN')
        )
),

returned_services as (
    select
        services.first_line_id,
        services.last_line_id,
        services.end_date,
        services.end_basis,
        services.package_end_date,
        packages.package_id,
        packages.status
    from services
    inner join returned
        on
            returned.source_table = 'service_line'
            and services.first_line_id = returned.source_record_id
    inner join packages
        on services.last_package_id = packages.package_id
),

ended_without_end as (
    select distinct
        'service_package' as source_table,
        returned_services.package_id as source_record_id,
        'status says that it has ended, and no end is recorded; the return says that it runs' as contradiction
    from returned_services
    where returned_services.status = 'ENDED' and returned_services.end_date is null
),

-- A few days are how systems close; more than a pause may last is another end.
ended_after_package as (
    select
        'service_line' as source_table,
        returned_services.last_line_id as source_record_id,
        'end_date lies long after that of the package; the return has the end of the line' as contradiction
    from returned_services
    where
        returned_services.end_basis = 'line'
        and returned_services.end_date - returned_services.package_end_date > {{ setting('replaced_service_days') }}
),

planned_far_ahead as (
    select
        service_details.source_table,
        service_details.source_record_id,
        'it begins more than a year after the day of sending; it is left out' as contradiction
    from service_details
    where
        service_details.exclusion_code = 'STARTS_AFTER_PERIOD'
        and service_details.event_start_date - {{ date_setting('submission_date') }} > {{ planned_ahead_days }}
),

-- One line continues another at most; when it was over.
ends_of_continuations as (
    select
        chains.predecessor_id,
        lines.end_date
    from chains
    inner join lines
        on chains.line_id = lines.line_id
    where chains.link_basis = 'previous_line_id'
),

-- What a line says it continues and yet does not: itself, another person's, one that begins later; or what another
-- line, over by then, continues already (systems that name the original line on every later one).
claims_not_followed as (
    select
        'service_line' as source_table,
        returned_lines.line_id as source_record_id,
        case
            when returned_lines.line_id = named.line_id then 'previous_line_id names the line itself'
            when returned_lines.person_id <> named.person_id
                then 'previous_line_id names a line of another person; the return has a service of its own'
            when returned_lines.start_date < named.start_date
                then 'previous_line_id names a line that begins later; it is not followed'
            when
                returned_lines.start_date >= ends_of_continuations.end_date
                and (returned_lines.service_type is not distinct from named.service_type)
                and (returned_lines.service_component is not distinct from named.service_component)
                then
                    'previous_line_id names a line that another continues, which was over by then; the return has a'
                    || ' service of its own'
        end as contradiction
    from returned_lines
    inner join lines as named
        on returned_lines.previous_line_id = named.line_id
    left join chains
        on returned_lines.line_id = chains.line_id
    left join ends_of_continuations
        on named.line_id = ends_of_continuations.predecessor_id
    where
        named.exclusion_code is null
        and chains.predecessor_id is distinct from named.line_id
),

not_continued as (
    select * from claims_not_followed
    where claims_not_followed.contradiction is not null
),

-- The row of the mapping for any package type is meant for types that it does not name, not for none.
untyped as (
    select distinct
        'service_package' as source_table,
        returned_lines.package_id as source_record_id,
        'package_type_code is blank, and map_services has other service types for some; the return has that for any'
            as contradiction
    from returned_lines
    inner join service_mappings as chosen
        on returned_lines.service_mapping_id = chosen.mapping_id
    inner join service_mappings as named
        on
            returned_lines.element_code = named.element_code
            and named.subject_role in ('*', returned_lines.subject_role)
            and {{ in_force('named', 'returned_lines.start_date') }}
    where
        returned_lines.package_type_code is null
        and named.package_type_code <> '*'
        and (
            chosen.service_type is distinct from named.service_type
            or chosen.service_component is distinct from named.service_component
        )
)

select * from packages_that_ran
union all
select * from ended_without_end
union all
select * from ended_after_package
union all
select * from planned_far_ahead
union all
select * from not_continued
union all
select * from untyped
