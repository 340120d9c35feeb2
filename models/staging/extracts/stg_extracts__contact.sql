-- The contacts of the extract, trimmed and typed; nothing is dropped.
with

records as (
    select * from {{ source('extracts', 'contact') }}
)

select
    records.source_row,
    {{ clean_text('records.contact_id') }} as contact_id,
    {{ clean_text('records.person_id') }} as person_id,
    {{ clean_text('records.subject_role') }} as subject_role,
    {{ clean_text('records.contact_type_code') }} as contact_type_code,
    {{ parse_timestamp('records.received_at') }} as received_at,
    {{ parse_timestamp('records.completed_at') }} as completed_at,
    {{ clean_text('records.status') }} as status,
    {{ clean_text('records.route_code') }} as route_code,
    {{ clean_text('records.outcome_code') }} as outcome_code,
    {{ clean_text('records.description') }} as description,
    {{ parse_flag('records.is_conversation') }} as is_conversation,
    {{ clean_text('records.team_id') }} as team_id,
    {{ unreadable_columns({
        'received_at': 'timestamp',
        'completed_at': 'timestamp',
    }) }}
        as unreadable_columns
from records
