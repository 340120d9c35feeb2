-- Every service line, package and rate that is not behind any row of the return, with its reason.
{{ config(materialized='view') }}

with

returned as (
    select * from {{ ref('cld_returned_records') }}
),

services as (
    select * from {{ ref('cnf_services') }}
),

-- A line goes with the service it is part of; a line that is part of none has its own reason.
lines as (
    select
        'service_line' as source_table,
        lines.line_id as source_record_id,
        lines.package_id,
        coalesce(lines.exclusion_code, services.exclusion_code) as reason_code
    from {{ ref('cnf_service_lines') }} as lines
    left join {{ ref('cnf_service_chains') }} as chains
        on lines.line_id = chains.line_id
    left join services
        on chains.first_line_id = services.source_record_id
    where coalesce(lines.exclusion_code, services.exclusion_code) is not null
),

packages as (
    select
        'service_package' as source_table,
        packages.package_id as source_record_id,
        case
            when count(lines.line_id) = 0 then 'PACKAGE_WITHOUT_LINES'
            else 'NO_LINE_IN_RETURN'
        end as reason_code
    from {{ ref('stg_extracts__service_package') }} as packages
    left join {{ ref('cnf_service_lines') }} as lines
        on packages.package_id = lines.package_id
    left join lines as lines_left_out
        on lines.line_id = lines_left_out.source_record_id
    left join returned
        on
            returned.source_table = 'service_package'
            and packages.package_id = returned.source_record_id
    -- A package may say something of the person that is sent, though none of its lines is.
    where returned.source_record_id is null
    group by packages.package_id
    having count(lines.line_id) = count(lines_left_out.source_record_id)
),

service_rates as (
    select * from {{ ref('cnf_service_rates') }}
),

rates as (
    select
        'rate' as source_table,
        rates.rate_id as source_record_id,
        case
            when lines.source_record_id is not null then 'LINE_NOT_IN_RETURN'
            when service_rates.why_not in (
                    'UNREADABLE_RATE', 'UNMAPPED_RATE_TYPE', 'NOT_IN_UNIT_COST',
                    'UNMAPPED_UNIT', 'NO_PRICE_FACTOR', 'RATE_STARTS_LATER', 'OTHER_UNIT',
                    'SUPERSEDED_RATE'
                ) then service_rates.why_not
            when service_rates.rate_id is null then 'LINE_NOT_IN_RETURN'
        end as reason_code
    from {{ ref('cnf_rates') }} as rates
    left join lines
        on rates.line_id = lines.source_record_id
    left join service_rates
        on rates.rate_id = service_rates.rate_id
    where
        lines.source_record_id is not null
        or service_rates.rate_id is null
        or service_rates.why_not is not null
)

select
    lines.source_table,
    lines.source_record_id,
    lines.reason_code
from lines
union all
select
    packages.source_table,
    packages.source_record_id,
    packages.reason_code
from packages
union all
select
    rates.source_table,
    rates.source_record_id,
    rates.reason_code
from rates
