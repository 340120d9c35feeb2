-- The assessments of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'assessment_id': 'key',
    'person_id': 'needed reference',
    'subject_role': 'word:subject_role',
    'contact_id': 'reference',
    'started_at': 'timestamp',
    'completed_at': 'timestamp',
    'form_start_date': 'date',
    'form_end_date': 'date',
    'status': 'word:event_status',
    'team_id': 'reference',
} %}
{% set references = ['person_id', 'contact_id', 'team_id'] %}
with

records as (
    select * from {{ source('extracts', 'assessment') }}
)

select
    records.source_row,
    {{ clean_key('records.assessment_id') }} as assessment_id,
    {{ referred_key('person_id') }} as person_id,
    {{ parse_word('records.subject_role', 'subject_role') }} as subject_role,
    {{ clean_text('records.subject_role') }} as subject_role_recorded,
    {{ referred_key('contact_id') }} as contact_id,
    {{ clean_text('records.assessment_type_code') }} as assessment_type_code,
    {{ parse_timestamp('records.started_at') }} as started_at,
    {{ parse_timestamp('records.completed_at') }} as completed_at,
    {{ parse_date('records.form_start_date') }} as form_start_date,
    {{ parse_date('records.form_end_date') }} as form_end_date,
    {{ parse_word('records.status', 'event_status') }} as status,
    {{ clean_text('records.status') }} as status_recorded,
    {{ clean_text('records.eligible_needs_code') }} as eligible_needs_code,
    {{ clean_text('records.method_code') }} as method_code,
    {{ clean_text('records.outcome_code') }} as outcome_code,
    {{ clean_text('records.description') }} as description,
    {{ referred_key('team_id') }} as team_id,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('assessment', references) }}
