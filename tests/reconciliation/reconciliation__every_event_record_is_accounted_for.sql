-- Each contact, assessment, review, package and line, by its key: behind a row or excluded.
{{ config(group="building_the_return") }}
with

received as (
    select
        'contact' as source_table,
        contacts.contact_id as source_record_id
    from {{ ref('stg_extracts__contact') }} as contacts
    union all
    select
        'assessment' as source_table,
        assessments.assessment_id as source_record_id
    from {{ ref('stg_extracts__assessment') }} as assessments
    union all
    select
        'review' as source_table,
        reviews.review_id as source_record_id
    from {{ ref('stg_extracts__review') }} as reviews
    union all
    select
        'service_package' as source_table,
        packages.package_id as source_record_id
    from {{ ref('stg_extracts__service_package') }} as packages
    union all
    select
        'service_line' as source_table,
        lines.line_id as source_record_id
    from {{ ref('stg_extracts__service_line') }} as lines
),

accounted_for as (
    select
        row_sources.source_table,
        row_sources.source_record_id
    from {{ ref('cld_row_sources') }} as row_sources
    union all
    select
        exclusions.source_table,
        exclusions.source_record_id
    from {{ ref('cld_exclusions') }} as exclusions
)

select
    received.source_table,
    received.source_record_id
from received
left join accounted_for
    on
        received.source_table = accounted_for.source_table
        and received.source_record_id = accounted_for.source_record_id
where accounted_for.source_record_id is null
