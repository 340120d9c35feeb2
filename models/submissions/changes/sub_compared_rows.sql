-- The rows of the two submissions that are compared, with the keys by which sub_paired_rows looks for
-- the same event in the other file, from the surest to the weakest. A null key pairs with nothing.
with

compared_files as (

    select * from {{ ref('sub_compared_files') }}

),

submitted_rows as (

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
        submitted_rows.row_id,
        submitted_rows.row_number,
        nullif(lower({{ trimmed('submitted_rows.event_reference') }}), '') as reference,
        nullif(replace(submitted_rows.nhs_number, ' ', ''), '') as nhs_number,
        coalesce(
            nullif(lower({{ trimmed('submitted_rows.la_person_unique_identifier') }}), ''),
            nullif(replace(submitted_rows.nhs_number, ' ', ''), ''),
            ''
        ) as person,
        lower(coalesce({{ trimmed('submitted_rows.event_type') }}, '')) as event_type,
        lower(concat_ws(
            '|',
            coalesce({{ trimmed('submitted_rows.event_type') }}, ''),
            coalesce({{ trimmed('submitted_rows.client_type') }}, ''),
            coalesce({{ trimmed('submitted_rows.service_type') }}, ''),
            coalesce({{ trimmed('submitted_rows.service_component') }}, ''),
            coalesce({{ trimmed('submitted_rows.assessment_type') }}, ''),
            coalesce({{ trimmed('submitted_rows.request_route_of_access') }}, '')
        )) as kind,
        coalesce(cast(submitted_rows.event_start_date_date as string), '') as start_text,
        cast(submitted_rows.event_end_date_date as string) as end_text,
        cast(submitted_rows.date_of_birth_date as string) as birth_text,
        -- A service that was open may come back with another start. One that starts after the earlier
        -- period is a new service, unless it starts on 1 April.
        case
            when lower({{ trimmed('submitted_rows.event_type') }}) != {{ cld_value('service', 'key') }}
                then false
            when both_files.side = 'old' then submitted_rows.event_end_date_date is null
            else
                submitted_rows.event_start_date_date <= both_files.previous_period_end
                or (
                    extract(month from submitted_rows.event_start_date_date) = 4
                    and extract(day from submitted_rows.event_start_date_date) = 1
                )
        end as may_be_reset,
        md5(concat_ws(
            '|',
            coalesce(cast(submitted_rows.event_start_date_date as string), ''),
            coalesce(cast(submitted_rows.event_end_date_date as string), '')
            {%- for column in compared_columns() %},
            coalesce({{ compared_value('submitted_rows', column) }}, '')
            {%- endfor %}
        )) as content_key
    from submitted_rows
    inner join both_files
        on submitted_rows.submission_id = both_files.submission_id

),

persons_kinds as (

    select
        prepared.*,
        prepared.person || '|' || prepared.kind as person_kind
    from prepared

)

select
    persons_kinds.council_code,
    persons_kinds.side,
    persons_kinds.row_id,
    persons_kinds.row_number,
    md5(persons_kinds.person_kind) as kind_key,
    persons_kinds.start_text,
    persons_kinds.end_text,
    persons_kinds.content_key as unchanged_key,
    -- A reference counts only beside other evidence: some systems number the rows of each file anew.
    md5(
        persons_kinds.person_kind || '|' || persons_kinds.start_text
        || '|' || persons_kinds.reference
    ) as reference_and_start_key,
    md5(persons_kinds.person_kind || '|' || persons_kinds.start_text) as kind_and_start_key,
    md5(
        persons_kinds.person || '|' || persons_kinds.event_type || '|' || persons_kinds.reference
    ) as reference_key,
    md5(
        persons_kinds.kind || '|' || persons_kinds.start_text || '|' || persons_kinds.nhs_number
    ) as nhs_number_key,
    md5(
        persons_kinds.kind || '|' || persons_kinds.start_text
        || '|' || persons_kinds.birth_text || '|' || persons_kinds.reference
    ) as birth_and_reference_key,
    md5(
        persons_kinds.person || '|' || persons_kinds.event_type || '|' || persons_kinds.start_text
    ) as type_and_start_key,
    md5(persons_kinds.person_kind || '|' || persons_kinds.end_text) as kind_and_end_key,
    case when persons_kinds.may_be_reset then md5(persons_kinds.person_kind) end as open_service_key
from persons_kinds
