-- Every source record that is not behind any row of the return, one row each, with the reason.
with

returned as (
    select distinct
        row_sources.source_table,
        row_sources.source_record_id
    from {{ ref('cld_row_sources') }} as row_sources
),

reasons as (
    select * from {{ ref('exclusion_reasons') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

services as (
    select * from {{ ref('cnf_services') }}
),

requests as (
    select
        requests.source_table,
        requests.source_record_id,
        requests.exclusion_code as reason_code
    from {{ ref('cnf_requests') }} as requests
    where requests.exclusion_code is not null
),

assessments as (
    select
        assessments.source_table,
        assessments.source_record_id,
        assessments.exclusion_code as reason_code
    from {{ ref('cnf_assessments') }} as assessments
    where assessments.exclusion_code is not null
),

reviews as (
    select
        reviews.source_table,
        reviews.source_record_id,
        reviews.exclusion_code as reason_code
    from {{ ref('cnf_reviews') }} as reviews
    where reviews.exclusion_code is not null
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
),

people as (
    select
        'person' as source_table,
        person_records.person_id as source_record_id,
        case
            when person_records.exclusion_code is not null then person_records.exclusion_code
            when person_records.survivor_person_id <> person_records.person_id then 'MERGED_PERSON'
            else 'NO_ROW_IN_RETURN'
        end as reason_code
    from person_records
    left join returned
        on
            returned.source_table = 'person'
            and person_records.person_id = returned.source_record_id
    where returned.source_record_id is null
),

-- Records about a person rather than an event: not in the return when another one is, or when
-- the person is not.
supporting_records as (
    select
        'person_identifier' as source_table,
        'row ' || identifiers.source_row as source_record_id,
        identifiers.person_id,
        'NOT_USED' as reason_code,
        case
            when not {{ was_readable('identifiers', ['id_type']) }} then 'UNKNOWN_IDENTIFIER_TYPE'
        end as unread_reason
    from {{ ref('stg_extracts__person_identifier') }} as identifiers
    union all
    select
        'address' as source_table,
        addresses.address_id as source_record_id,
        addresses.person_id,
        'NOT_IN_FORCE' as reason_code,
        case
            when not {{ was_readable('addresses', ['start_date', 'end_date']) }}
                then 'UNREADABLE_DATE'
            when not {{ was_readable('addresses', ['address_type']) }}
                then 'UNKNOWN_ADDRESS_TYPE'
        end as unread_reason
    from {{ ref('stg_extracts__address') }} as addresses
    union all
    select
        'gp_registration' as source_table,
        'row ' || registrations.source_row as source_record_id,
        registrations.person_id,
        'NOT_IN_FORCE' as reason_code,
        case
            when not {{ was_readable('registrations', ['start_date', 'end_date']) }}
                then 'UNREADABLE_DATE'
        end as unread_reason
    from {{ ref('stg_extracts__gp_registration') }} as registrations
    union all
    select
        'person_classification' as source_table,
        'row ' || classifications.source_row as source_record_id,
        classifications.person_id,
        'NOT_IN_FORCE' as reason_code,
        case
            when not {{ was_readable('classifications', ['start_date', 'end_date']) }}
                then 'UNREADABLE_DATE'
            when not {{ was_readable('classifications', ['classification']) }}
                then 'UNKNOWN_CLASSIFICATION'
        end as unread_reason
    from {{ ref('stg_extracts__person_classification') }} as classifications
),

supporting as (
    select
        supporting_records.source_table,
        supporting_records.source_record_id,
        case
            when supporting_records.unread_reason is not null then supporting_records.unread_reason
            when person_records.person_id is null then 'PERSON_NOT_FOUND'
            when person_records.exclusion_code is not null then person_records.exclusion_code
            when survivors.source_record_id is null then 'NO_ROW_IN_RETURN'
            else supporting_records.reason_code
        end as reason_code
    from supporting_records
    left join person_records
        on supporting_records.person_id = person_records.person_id
    left join returned as survivors
        on
            survivors.source_table = 'person'
            and person_records.survivor_person_id = survivors.source_record_id
    left join returned
        on
            supporting_records.source_table = returned.source_table
            and supporting_records.source_record_id = returned.source_record_id
    where returned.source_record_id is null
),

links as (
    select
        'relationship' as source_table,
        links.relationship_id as source_record_id,
        coalesce(links.exclusion_code, 'LINK_NOT_NEEDED') as reason_code
    from {{ ref('cnf_carer_links') }} as links
    left join returned
        on
            returned.source_table = 'relationship'
            and links.relationship_id = returned.source_record_id
    where returned.source_record_id is null
),

reference_entries as (
    select
        'provider' as source_table,
        providers.provider_id as source_record_id
    from {{ ref('stg_extracts__provider') }} as providers
    union all
    select
        'team' as source_table,
        teams.team_id as source_record_id
    from {{ ref('stg_extracts__team') }} as teams
    union all
    -- Local codes reach the return through the mappings, never as themselves.
    select
        'local_code' as source_table,
        'row ' || local_codes.source_row as source_record_id
    from {{ ref('stg_extracts__local_code') }} as local_codes
),

unused_reference_entries as (
    select
        reference_entries.source_table,
        reference_entries.source_record_id,
        'REFERENCE_ONLY' as reason_code
    from reference_entries
    left join returned
        on
            reference_entries.source_table = returned.source_table
            and reference_entries.source_record_id = returned.source_record_id
    where returned.source_record_id is null
),

excluded as (
    select
        requests.source_table,
        requests.source_record_id,
        requests.reason_code
    from requests
    union all
    select
        assessments.source_table,
        assessments.source_record_id,
        assessments.reason_code
    from assessments
    union all
    select
        reviews.source_table,
        reviews.source_record_id,
        reviews.reason_code
    from reviews
    union all
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
    union all
    select
        people.source_table,
        people.source_record_id,
        people.reason_code
    from people
    union all
    select
        supporting.source_table,
        supporting.source_record_id,
        supporting.reason_code
    from supporting
    union all
    select
        links.source_table,
        links.source_record_id,
        links.reason_code
    from links
    union all
    select
        unused_reference_entries.source_table,
        unused_reference_entries.source_record_id,
        unused_reference_entries.reason_code
    from unused_reference_entries
)

select
    excluded.source_table,
    excluded.source_record_id,
    excluded.reason_code,
    reasons.reason
from excluded
left join reasons
    on excluded.reason_code = reasons.reason_code
