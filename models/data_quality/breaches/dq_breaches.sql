-- Every rule broken by a row or a file, with what is wrong in plain words. Direct identifiers of
-- people are never repeated here.
with

broken_rules as (
    select * from {{ ref('dq_broken_rules') }}
),

rules as (
    select * from {{ ref('dq_rules') }}
),

fields as (
    select * from {{ ref('spec_fields') }}
),

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

source_records as (
    select * from {{ ref('sub_built_rows') }}
),

value_faults as (
    select * from {{ ref('dq_value_faults') }}
),

named_values as (
    select * from {{ ref('dq_named_values') }}
),

exceptions as (
    select * from {{ own_list('accepted_exceptions') }}
),

located_breaches as (
    select
        broken_rules.submission_id,
        submissions.la_code,
        submissions.origin,
        submissions.imported_at,
        broken_rules.rule_id,
        rules.level,
        -- FIL-13 sums up the lists: it is as severe as the list of its field, unless the council says.
        case
            when broken_rules.rule_id = 'FIL-13' and not rules.has_own_severity
                then coalesce(list_rules.severity, rules.severity)
            else rules.severity
        end as severity,
        broken_rules.row_number,
        case
            when broken_rules.row_number is not null
                then broken_rules.submission_id || '-' || broken_rules.row_number
        end as row_id,
        coalesce(
            rows_read.la_person_unique_identifier,
            case when broken_rules.source_table = 'person' then broken_rules.source_record_id end
        ) as la_person_unique_identifier,
        case
            when not ({{ holds_own_identifier('rows_read.event_reference') }})
                then rows_read.event_reference
        end as event_reference,
        case
            when
                named_event_types.field_value is null
                and not {{ holds_identifier('rows_read.event_type') }}
                then rows_read.event_type
        end as event_type,
        broken_rules.field_name,
        coalesce(fields.header, rules.fields) as field,
        case
            when fields.personal_identifiable like 'yes%' then null
            when fields.personal_identifiable like 'possible%' then null
            -- A reference and a provider's name break these rules by holding a name.
            when broken_rules.rule_id in ('FMT-12', 'SRV-14') then null
            -- A form, and where it was met: nobody's value.
            when broken_rules.rule_id like 'EXT-%' then broken_rules.found_value
            when named_values.field_value is not null then null
            when {{ holds_identifier('broken_rules.found_value') }} then null
            -- What stands in the file, not what the rule read in its place.
            when broken_rules.found_value is not null
                then {{ shown_text(
                    'coalesce(rows_read.submitted_words[broken_rules.field_name], broken_rules.found_value)'
                ) }}
        end as found_value,
        case
            when fields.personal_identifiable like 'yes%' then null
            else coalesce(broken_rules.suggestion, value_faults.suggestion)
        end as suggestion,
        rules.message,
        value_faults.fault,
        coalesce(rules.allowed, list_rules.allowed) as allowed,
        case
            when rules.measures_affected = 'depends on the field'
                then coalesce(list_rules.measures_affected, rules.measures_affected)
            else rules.measures_affected
        end as measures_affected,
        coalesce(source_records.source_table, broken_rules.source_table) as source_table,
        coalesce(source_records.source_record_id, broken_rules.source_record_id)
            as source_record_id,
        coalesce(source_records.team_id, broken_rules.team_id) as team_id
    from broken_rules
    inner join rules on broken_rules.rule_id = rules.rule_id and rules.rule_state = 'checked'
    inner join submissions on broken_rules.submission_id = submissions.submission_id
    left join fields on broken_rules.field_name = fields.snake_name
    left join rules as list_rules
        on
            broken_rules.field_name = list_rules.field_name
            and list_rules.rule_id like 'LST-%'
    left join value_faults
        on
            broken_rules.rule_id = value_faults.rule_id
            and broken_rules.field_name = value_faults.field_name
            and broken_rules.found_value = value_faults.found_value
    left join {{ ref('dq_rows') }} as rows_read
        on
            broken_rules.submission_id = rows_read.submission_id
            and broken_rules.row_number = rows_read.row_number
    left join source_records
        on
            broken_rules.submission_id = source_records.submission_id
            and broken_rules.row_number = source_records.row_number
    left join named_values
        on
            broken_rules.submission_id = named_values.submission_id
            and broken_rules.field_name = named_values.field_name
            and broken_rules.found_value = named_values.field_value
    left join named_values as named_event_types
        on
            broken_rules.submission_id = named_event_types.submission_id
            and named_event_types.field_name = 'event_type'
            and rows_read.event_type = named_event_types.field_value
),

accepted_breaches as (
    select
        located_breaches.submission_id,
        located_breaches.row_number,
        located_breaches.rule_id,
        located_breaches.field_name,
        located_breaches.source_record_id,
        min(
            exceptions.reason || ' (' || exceptions.approved_by || ', until '
            || cast(exceptions.expires_on as string) || ')'
        ) as accepted_because
    from located_breaches
    inner join exceptions
        on
            located_breaches.rule_id = exceptions.rule_id
            and located_breaches.imported_at <= cast(exceptions.expires_on as date)
    where
        exceptions.scope_column = 'rule'
        {% for column in [
            'la_code', 'submission_id', 'team_id', 'event_type', 'field', 'la_person_unique_identifier',
            'event_reference', 'source_record_id', 'row_id'
        ] %}
    or (
        exceptions.scope_column = '{{ column }}'
        and located_breaches.{{ column }} = exceptions.scope_value
    )
    {% endfor %}
    group by
        located_breaches.submission_id, located_breaches.row_number, located_breaches.rule_id,
        located_breaches.field_name, located_breaches.source_record_id
)

select
    located_breaches.submission_id,
    located_breaches.la_code,
    located_breaches.origin,
    located_breaches.rule_id,
    located_breaches.level,
    located_breaches.severity,
    located_breaches.row_number,
    located_breaches.row_id,
    located_breaches.la_person_unique_identifier,
    located_breaches.event_reference,
    located_breaches.event_type,
    located_breaches.field,
    located_breaches.found_value,
    -- The value goes in last, so that nothing in it is taken for a place to fill in.
    replace(replace(replace(replace(replace(replace(replace(
        located_breaches.message,
        '{fault}', concat_ws(
            ' ', located_breaches.fault, 'Probably meant: "' || located_breaches.suggestion || '".'
        )
    ),
    '{allowed}', coalesce(located_breaches.allowed, '')),
    '  ', ' '),
    '{event_type}', coalesce(lower(located_breaches.event_type), 'record')),
    '{field}', located_breaches.field),
    '{suggestion}', coalesce(located_breaches.suggestion, 'another value')),
    '{value}', coalesce(
        -- What a whole file holds may be a long list: found_value has all of it.
        '"' || case
            when located_breaches.row_id is null
                then {{ begin_of_list('located_breaches.found_value', 10) }}
            else located_breaches.found_value
        end || '"',
        'a value'
    )) as message,
    located_breaches.suggestion,
    located_breaches.measures_affected,
    located_breaches.source_table,
    located_breaches.source_record_id,
    located_breaches.team_id,
    accepted_breaches.submission_id is not null as accepted,
    accepted_breaches.accepted_because
from located_breaches
left join accepted_breaches
    on
        located_breaches.submission_id = accepted_breaches.submission_id
        and located_breaches.rule_id = accepted_breaches.rule_id
        and located_breaches.row_number is not distinct from accepted_breaches.row_number
        and located_breaches.field_name is not distinct from accepted_breaches.field_name
        and located_breaches.source_record_id
        is not distinct from accepted_breaches.source_record_id
