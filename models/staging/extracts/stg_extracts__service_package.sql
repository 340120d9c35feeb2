-- The packages of the extract, trimmed and typed; nothing is dropped.
{% set typed_columns = {
    'package_id': 'key',
    'person_id': 'needed reference',
    'subject_role': 'word:subject_role',
    'status': 'word:package_status',
    'start_date': 'date',
    'end_date': 'date',
    'team_id': 'reference',
} %}
{% set references = ['person_id', 'team_id'] %}
with

records as (
    select * from {{ source('extracts', 'service_package') }}
)

select
    records.source_row,
    {{ clean_key('records.package_id') }} as package_id,
    {{ referred_key('person_id') }} as person_id,
    {{ parse_word('records.subject_role', 'subject_role') }} as subject_role,
    {{ clean_text('records.subject_role') }} as subject_role_recorded,
    {{ clean_text('records.package_type_code') }} as package_type_code,
    {{ parse_word('records.status', 'package_status') }} as status,
    {{ clean_text('records.status') }} as status_recorded,
    {{ parse_date('records.start_date') }} as start_date,
    {{ parse_date('records.end_date') }} as end_date,
    {{ clean_text('records.end_reason_code') }} as end_reason_code,
    {{ clean_text('records.support_reason_code') }} as support_reason_code,
    {{ clean_text('records.funding_code') }} as funding_code,
    {{ referred_key('team_id') }} as team_id,
    {{ unreadable_columns(typed_columns) }} as unreadable_columns,
    {{ unreadable_values(typed_columns) }} as unreadable_values
from records
{{ join_references('service_package', references) }}
