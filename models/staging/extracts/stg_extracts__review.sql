-- The reviews of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'review_id': 'key',
    'person_id': 'needed reference',
    'subject_role': 'word:subject_role',
    'package_id': 'reference',
    'due_date': 'date',
    'started_at': 'timestamp',
    'completed_at': 'timestamp',
    'status': 'word:event_status',
    'team_id': 'reference',
} %}
{% set references = ['person_id', 'package_id', 'team_id'] %}
with

records as (
    select * from {{ source('extracts', 'review') }}
)

select
    records.source_row,
    {{ clean_key('records.review_id') }} as review_id,
    {{ referred_key('person_id') }} as person_id,
    {{ parse_word('records.subject_role', 'subject_role') }} as subject_role,
    {{ clean_text('records.subject_role') }} as subject_role_recorded,
    {{ referred_key('package_id') }} as package_id,
    {{ clean_text('records.reason_code') }} as reason_code,
    {{ parse_date('records.due_date') }} as due_date,
    {{ parse_timestamp('records.started_at') }} as started_at,
    {{ parse_timestamp('records.completed_at') }} as completed_at,
    {{ parse_word('records.status', 'event_status') }} as status,
    {{ clean_text('records.status') }} as status_recorded,
    {{ clean_text('records.method_code') }} as method_code,
    {{ clean_text('records.outcomes_achieved_code') }} as outcomes_achieved_code,
    {{ clean_text('records.outcome_code') }} as outcome_code,
    {{ clean_text('records.description') }} as description,
    {{ referred_key('team_id') }} as team_id,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('review', references) }}
