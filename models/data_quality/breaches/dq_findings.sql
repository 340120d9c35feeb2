-- The breaches by what is mended at once: a fault in a person's record is one finding, on however many rows it shows.
with

breaches as (
    select * from {{ ref('dq_breaches') }}
),

rules as (
    select * from {{ ref('dq_rules') }}
),

fields as (
    select * from {{ ref('spec_fields') }}
),

submitted_rows as (
    select * from {{ ref('sub_rows') }}
),

-- References that may hold a name, a birth date or a number are not told.
telling_references as (
    select distinct
        breaches.submission_id,
        breaches.row_number
    from breaches
    where breaches.rule_id = 'FMT-12'
),

-- FIL-13 sums up the lists; the line of the list itself says more.
told_by_a_list as (
    select distinct
        breaches.submission_id,
        breaches.row_number,
        breaches.field
    from breaches
    where breaches.rule_id like 'LST-%'
),

told_breaches as (
    select
        breaches.submission_id,
        breaches.la_code,
        breaches.origin,
        breaches.rule_id,
        breaches.severity,
        breaches.row_number,
        breaches.row_id,
        breaches.la_person_unique_identifier,
        case
            when telling_references.row_number is null then breaches.event_reference
        end as event_reference,
        breaches.event_type,
        submitted_rows.event_start_date,
        breaches.field,
        breaches.found_value,
        breaches.message,
        breaches.suggestion,
        breaches.measures_affected,
        breaches.source_table,
        breaches.source_record_id,
        breaches.team_id,
        breaches.accepted,
        breaches.accepted_because,
        case
            when rules.record_kind <> 'field' then rules.record_kind
            when fields.module = 'Submission information' then 'return'
            when fields.module in ('Person details', 'Carers and linked service users') then 'person'
            else 'event'
        end as record_kind
    from breaches
    inner join rules on breaches.rule_id = rules.rule_id
    left join fields on breaches.field = fields.header
    left join submitted_rows on breaches.row_id = submitted_rows.row_id
    left join telling_references
        on
            breaches.submission_id = telling_references.submission_id
            and breaches.row_number = telling_references.row_number
    left join told_by_a_list
        on
            breaches.rule_id = 'FIL-13'
            and breaches.submission_id = told_by_a_list.submission_id
            and breaches.row_number = told_by_a_list.row_number
            and breaches.field = told_by_a_list.field
    where told_by_a_list.row_number is null
),

recorded_breaches as (
    select
        told_breaches.*,
        case
            -- A breach of a record of the extracts has no row, yet there is something to open.
            when told_breaches.row_number is null and coalesce(told_breaches.source_record_id, '') = ''
                then 'file'
            when told_breaches.record_kind = 'return' then 'return'
            when
                told_breaches.record_kind = 'person'
                and told_breaches.la_person_unique_identifier <> ''
                then 'person ' || told_breaches.la_person_unique_identifier
            -- The event reference first: a return built here and the same return supplied then agree.
            else
                'event ' || coalesce(
                    nullif(told_breaches.event_reference, ''),
                    nullif(told_breaches.source_record_id, ''),
                    concat_ws(
                        chr(31), coalesce(told_breaches.la_person_unique_identifier, ''),
                        coalesce(told_breaches.event_type, ''), coalesce(told_breaches.event_start_date, '')
                    )
                )
        end as record_key
    from told_breaches
)

select
    -- From list to list the same: first_seen.csv knows findings by it.
    md5(concat_ws(
        chr(31), coalesce(recorded_breaches.la_code, ''), recorded_breaches.rule_id,
        coalesce(recorded_breaches.field, ''), recorded_breaches.record_key
    )) as finding,
    recorded_breaches.submission_id,
    recorded_breaches.la_code,
    recorded_breaches.origin,
    recorded_breaches.rule_id,
    recorded_breaches.severity,
    recorded_breaches.row_number,
    recorded_breaches.row_id,
    recorded_breaches.la_person_unique_identifier,
    recorded_breaches.event_reference,
    recorded_breaches.event_type,
    recorded_breaches.field,
    recorded_breaches.found_value,
    recorded_breaches.message,
    recorded_breaches.suggestion,
    recorded_breaches.measures_affected,
    recorded_breaches.source_table,
    recorded_breaches.source_record_id,
    recorded_breaches.record_kind,
    recorded_breaches.record_key,
    -- A setting of the return is mended by whoever makes it, not by the teams on whose rows it shows.
    recorded_breaches.record_key not in ('file', 'return')
    and recorded_breaches.record_kind <> 'export' as is_for_a_team,
    case
        when
            recorded_breaches.record_key not in ('file', 'return')
            and recorded_breaches.record_kind <> 'export'
            then recorded_breaches.team_id
    end as team_id,
    recorded_breaches.accepted,
    recorded_breaches.accepted_because
from recorded_breaches
