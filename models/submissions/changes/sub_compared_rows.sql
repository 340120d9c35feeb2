-- The rows of the two submissions that are compared, with the keys by which sub_paired_rows looks for
-- the same event in the other file, from the surest to the weakest. A null key pairs with nothing.
with

compared_files as (

    select * from {{ ref('sub_compared_files') }}

),

rows_ as (

    select * from {{ ref('sub_rows') }}

),

both_files as (

    select
        compared_files.la_code,
        compared_files.submission_id,
        'new' as side,
        compared_files.previous_period_end
    from compared_files
    union all
    select
        compared_files.la_code,
        compared_files.previous_submission_id as submission_id,
        'old' as side,
        compared_files.previous_period_end
    from compared_files

),

prepared as (

    select
        both_files.la_code as council_code,
        both_files.side,
        rows_.row_id,
        rows_.row_number,
        nullif(lower(trim(rows_.event_reference)), '') as reference,
        nullif(replace(rows_.nhs_number, ' ', ''), '') as nhs_number,
        coalesce(
            nullif(lower(trim(rows_.la_person_unique_identifier)), ''),
            nullif(replace(rows_.nhs_number, ' ', ''), ''),
            ''
        ) as person,
        lower(coalesce(trim(rows_.event_type), '')) as event_type,
        lower(concat_ws(
            '|',
            coalesce(trim(rows_.event_type), ''),
            coalesce(trim(rows_.client_type), ''),
            coalesce(trim(rows_.service_type), ''),
            coalesce(trim(rows_.service_component), ''),
            coalesce(trim(rows_.assessment_type), ''),
            coalesce(trim(rows_.request_route_of_access), '')
        )) as kind,
        coalesce(cast(rows_.event_start_date_date as varchar), '') as start_text,
        cast(rows_.event_end_date_date as varchar) as end_text,
        cast(rows_.date_of_birth_date as varchar) as birth_text,
        -- A service that was open may come back with another start. One that starts after the earlier
        -- period is a new service, unless it starts on 1 April.
        case
            when lower(trim(rows_.event_type)) != {{ cld_value('service', 'key') }} then false
            when both_files.side = 'old' then rows_.event_end_date_date is null
            else
                rows_.event_start_date_date <= both_files.previous_period_end
                or (
                    extract(month from rows_.event_start_date_date) = 4
                    and extract(day from rows_.event_start_date_date) = 1
                )
        end as may_be_reset,
        md5(concat_ws(
            '|',
            coalesce(cast(rows_.event_start_date_date as varchar), ''),
            coalesce(cast(rows_.event_end_date_date as varchar), '')
            {%- for column in compared_columns() %},
            coalesce({{ compared_value('rows_', column) }}, '')
            {%- endfor %}
        )) as content_key
    from rows_
    inner join both_files
        on rows_.submission_id = both_files.submission_id

),

persons_kinds as (

    select
        prepared.*,
        prepared.person || '|' || prepared.kind as person_kind
    from prepared

)

select
    prepared.council_code,
    prepared.side,
    prepared.row_id,
    prepared.row_number,
    md5(prepared.person_kind) as kind_key,
    prepared.start_text,
    prepared.end_text,
    prepared.content_key as key_1,
    -- A reference counts only beside other evidence: some systems number the rows of each file anew.
    md5(prepared.person_kind || '|' || prepared.start_text || '|' || prepared.reference) as key_2,
    md5(prepared.person_kind || '|' || prepared.start_text) as key_3,
    md5(prepared.person || '|' || prepared.event_type || '|' || prepared.reference) as key_4,
    md5(prepared.kind || '|' || prepared.start_text || '|' || prepared.nhs_number) as key_5,
    md5(
        prepared.kind || '|' || prepared.start_text || '|' || prepared.birth_text || '|'
        || prepared.reference
    ) as key_6,
    md5(prepared.person || '|' || prepared.event_type || '|' || prepared.start_text) as key_7,
    md5(prepared.person_kind || '|' || prepared.end_text) as key_8,
    case when prepared.may_be_reset then md5(prepared.person_kind) end as key_9
from persons_kinds as prepared
