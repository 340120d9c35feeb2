-- The promise that nothing is lost: for each extract, received = returned + excluded. One row an extract.
with

files as (
    select * from {{ ref('stg_extracts__files') }}
),

received as (
    select
        'person' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__person') }}
    union all
    select
        'person_identifier' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__person_identifier') }}
    union all
    select
        'address' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__address') }}
    union all
    select
        'gp_registration' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__gp_registration') }}
    union all
    select
        'person_classification' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__person_classification') }}
    union all
    select
        'relationship' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__relationship') }}
    union all
    select
        'contact' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__contact') }}
    union all
    select
        'assessment' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__assessment') }}
    union all
    select
        'review' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__review') }}
    union all
    select
        'service_package' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__service_package') }}
    union all
    select
        'service_line' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__service_line') }}
    union all
    select
        'rate' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__rate') }}
    union all
    select
        'provider' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__provider') }}
    union all
    select
        'local_code' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__local_code') }}
    union all
    select
        'team' as source_table,
        count(*) as records
    from {{ ref('stg_extracts__team') }}
),

returned as (
    select
        row_sources.source_table,
        count(distinct row_sources.source_record_id) as records
    from {{ ref('cld_row_sources') }} as row_sources
    group by row_sources.source_table
),

-- Not distinct on purpose: a record excluded twice shows as a difference.
excluded as (
    select
        exclusions.source_table,
        count(*) as records
    from {{ ref('cld_exclusions') }} as exclusions
    group by exclusions.source_table
),

screened as (
    select
        screened_texts.source_table,
        count(*) as records
    from {{ ref('cld_screened_texts') }} as screened_texts
    where screened_texts.is_returned
    group by screened_texts.source_table
)

select
    received.source_table,
    cast(received.records as integer) as records_received,
    cast(coalesce(returned.records, 0) as integer) as records_returned,
    cast(coalesce(excluded.records, 0) as integer) as records_excluded,
    cast(
        received.records - coalesce(returned.records, 0) - coalesce(excluded.records, 0) as integer
    ) as difference,
    cast(files.lines_in_file as integer) as lines_in_file,
    cast(coalesce(screened.records, 0) as integer) as texts_not_sent
from received
left join returned
    on received.source_table = returned.source_table
left join excluded
    on received.source_table = excluded.source_table
left join files
    on received.source_table = files.source_table
left join screened
    on received.source_table = screened.source_table
