-- Packages, lines and rates whose columns contradict each other, or the line or package that they refer to.
{{ config(materialized='view') }}
{%- set period = [date_setting('reporting_period_start'), date_setting('reporting_period_end')] %}
with

returned as (
    select * from {{ ref('cld_returned_records') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
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

service_mappings as (
    select * from {{ ref('cnf_map_services') }}
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
    inner join person_records
        on packages.person_id = person_records.person_id
    left join reviewed_packages
        on packages.package_id = reviewed_packages.package_id
    where
        packages.status in ('PROPOSED', 'APPROVED', 'CANCELLED')
        and person_records.survivor_person_id is not null
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

-- What a line says it continues and yet cannot: another person's, itself, one that begins later; or what another
-- line, over by then, continues already (systems that name the original line on every later one).
lines_continued as (
    select
        chains.predecessor_id,
        lines.end_date
    from chains
    inner join lines
        on chains.line_id = lines.line_id
    where chains.link_basis = 'previous_line_id'
),

not_continued as (
    select distinct
        'service_line' as source_table,
        lines.line_id as source_record_id,
        case
            when lines.line_id = predecessors.line_id then 'previous_line_id names the line itself'
            when lines.person_id <> predecessors.person_id
                then 'previous_line_id names a line of another person; the return has a service of its own'
            when lines.start_date < predecessors.start_date
                then 'previous_line_id names a line that begins later; it is not followed'
            else
                'previous_line_id names a line that another continues, which was over by then; the return has a service'
                || ' of its own'
        end as contradiction
    from lines
    inner join returned
        on
            returned.source_table = 'service_line'
            and lines.line_id = returned.source_record_id
    inner join lines as predecessors
        on lines.previous_line_id = predecessors.line_id
    left join chains
        on
            lines.line_id = chains.line_id
            and predecessors.line_id = chains.predecessor_id
    left join lines_continued
        on
            predecessors.line_id = lines_continued.predecessor_id
            and lines.start_date >= lines_continued.end_date
    where
        predecessors.exclusion_code is null
        and chains.line_id is null
        and (
            lines.line_id = predecessors.line_id
            or lines.person_id <> predecessors.person_id
            or lines.start_date < predecessors.start_date
            or (
                lines_continued.predecessor_id is not null
                and lines.service_type is not distinct from predecessors.service_type
                and lines.service_component is not distinct from predecessors.service_component
            )
        )
),

-- The row of the mapping for any package type is meant for types that it does not name, not for none.
untyped as (
    select distinct
        'service_package' as source_table,
        lines.package_id as source_record_id,
        'package_type_code is blank, and map_services has other service types for some; the return has that for any'
            as contradiction
    from lines
    inner join returned
        on
            returned.source_table = 'service_line'
            and lines.line_id = returned.source_record_id
    inner join service_mappings as chosen
        on lines.service_mapping_id = chosen.mapping_id
    inner join service_mappings as named
        on
            lines.element_code = named.element_code
            and named.subject_role in ('*', lines.subject_role)
            and {{ in_force('named', 'lines.start_date') }}
    where
        lines.package_type_code is null
        and named.package_type_code <> '*'
        and (
            chosen.service_type is distinct from named.service_type
            or chosen.service_component is distinct from named.service_component
        )
),

returned_rates as (
    select rates.*
    from {{ ref('stg_extracts__rate') }} as rates
    inner join returned
        on
            returned.source_table = 'rate'
            and rates.rate_id = returned.source_record_id
),

rates_reversed as (
    select
        'rate' as source_table,
        returned_rates.rate_id as source_record_id,
        'end_date lies before start_date; the return has its amount' as contradiction
    from returned_rates
    where returned_rates.end_date < returned_rates.start_date
),

-- A contribution under the type of a gross cost, or a correction of one.
rates_deducted as (
    select
        'rate' as source_table,
        returned_rates.rate_id as source_record_id,
        'amount is below zero and map_rates counts its type into the unit cost; the return has it deducted'
            as contradiction
    from returned_rates
    where returned_rates.amount < 0
)

select * from packages_that_ran
union all
select * from ended_without_end
union all
select * from ended_after_package
union all
select * from not_continued
union all
select * from untyped
union all
select * from rates_reversed
union all
select * from rates_deducted
