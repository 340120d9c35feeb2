-- The contacts of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'contact_id': 'key',
    'person_id': 'needed reference',
    'subject_role': 'word:subject_role',
    'received_at': 'timestamp',
    'completed_at': 'timestamp',
    'status': 'word:event_status',
    'is_conversation': 'flag',
    'team_id': 'reference',
} %}
{% set references = ['person_id', 'team_id'] %}
with

records as (
    select * from {{ source('extracts', 'contact') }}
)

select
    records.source_row,
    {{ clean_key('records.contact_id') }} as contact_id,
    {{ referred_key('person_id') }} as person_id,
    {{ parse_word('records.subject_role', 'subject_role') }} as subject_role,
    {{ clean_text('records.subject_role') }} as subject_role_recorded,
    {{ clean_text('records.contact_type_code') }} as contact_type_code,
    {{ parse_timestamp('records.received_at') }} as received_at,
    {{ parse_timestamp('records.completed_at') }} as completed_at,
    {{ parse_word('records.status', 'event_status') }} as status,
    {{ clean_text('records.status') }} as status_recorded,
    {{ clean_text('records.route_code') }} as route_code,
    {{ clean_text('records.outcome_code') }} as outcome_code,
    {{ clean_text('records.description') }} as description,
    {{ parse_flag('records.is_conversation') }} as is_conversation,
    {{ referred_key('team_id') }} as team_id,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('contact', references) }}
