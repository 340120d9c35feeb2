-- The rows of the two submissions that are compared, with the keys that pair a row with the same event
-- in the other file: the event reference, else person, kind of event and start.
with compared_files as (

    select * from {{ ref('sub_compared_files') }}

),

rows_ as (

    select * from {{ ref('sub_rows') }}

),

both_files as (

    select
        compared_files.la_code,
        compared_files.submission_id,
        'new' as side
    from compared_files
    union all
    select
        compared_files.la_code,
        compared_files.previous_submission_id as submission_id,
        'old' as side
    from compared_files

),

keyed as (

    select
        both_files.la_code as council_code,
        both_files.side,
        rows_.row_id,
        rows_.row_number,
        lower(trim(rows_.event_reference)) as event_reference_key,
        lower(
            concat_ws(
                '|',
                coalesce(rows_.la_person_unique_identifier, rows_.nhs_number, ''),
                coalesce(rows_.event_type, ''),
                coalesce(rows_.client_type, ''),
                coalesce(rows_.service_type, ''),
                coalesce(rows_.service_component, ''),
                coalesce(rows_.assessment_type, ''),
                coalesce(rows_.request_route_of_access, '')
            )
        ) as kind_key,
        coalesce(rows_.event_start_date_date, cast('9999-12-31' as date)) as start_date
    from rows_
    inner join both_files
        on rows_.submission_id = both_files.submission_id

),

referenced as (

    select
        keyed.*,
        count(*) over (
            partition by keyed.council_code, keyed.side, keyed.event_reference_key
        ) as rows_of_reference
    from keyed

)

select
    referenced.council_code,
    referenced.side,
    referenced.row_id,
    referenced.row_number,
    -- A reference used twice in a file says nothing about which row is which.
    case when referenced.rows_of_reference = 1 then referenced.event_reference_key end
        as event_reference_key,
    md5(referenced.kind_key) as kind_key,
    referenced.start_date,
    row_number() over (
        partition by
            referenced.council_code,
            referenced.side,
            referenced.kind_key,
            referenced.start_date
        order by referenced.row_number
    ) as number_of_start
from referenced
