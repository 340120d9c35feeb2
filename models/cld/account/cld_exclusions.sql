-- Every source record that is not behind any row of the return, one row each, with the reason.
with

returned as (
    select * from {{ ref('cld_returned_records') }}
),

reasons as (
    select * from {{ ref('exclusion_reasons') }}
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

service_records as (
    select * from {{ ref('cld_service_exclusions') }}
),

person_records as (
    select * from {{ ref('cld_person_exclusions') }}
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
        service_records.source_table,
        service_records.source_record_id,
        service_records.reason_code
    from service_records
    union all
    select
        person_records.source_table,
        person_records.source_record_id,
        person_records.reason_code
    from person_records
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
