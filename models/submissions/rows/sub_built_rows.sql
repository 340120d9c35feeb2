-- The rows of the return built here, as a submission; none when include_built is false.
{{ config(materialized='ephemeral') }}
{% set include_built = setting('include_built') %}
with

{% if include_built %}
return_rows as (
    select * from {{ ref('cld_return_rows') }}
),

source_records as (
    select * from {{ ref('cld_events') }}
),

built_rows as (
    select
        {{ built_submission_id() }} as submission_id,
        return_rows.row_number,
        source_records.source_table,
        source_records.source_record_id,
        source_records.team_id,
        {{ cld_columns('return_rows') }}
    from return_rows
    left join source_records on return_rows.cld_row_id = source_records.cld_row_id
)
{% else %}
    supplied_rows as (
        select * from {{ ref('stg_submissions__rows') }}
    ),

    built_rows as (
        select
            supplied_rows.submission_id,
            supplied_rows.row_number,
            cast(null as string) as source_table,
            cast(null as string) as source_record_id,
            cast(null as string) as team_id,
            {{ cld_columns('supplied_rows') }}
        from supplied_rows
        where false
    )
{% endif %}

select
    built_rows.submission_id,
    built_rows.row_number,
    built_rows.source_table,
    built_rows.source_record_id,
    built_rows.team_id,
    {{ cld_columns('built_rows') }}
from built_rows
