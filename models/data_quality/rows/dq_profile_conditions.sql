-- Which conditions of the specification each profile of row meets.
with

row_profiles as (
    select distinct
        rows_read.row_profile,
        split_part(rows_read.row_profile, '|', 1) as client_type,
        split_part(rows_read.row_profile, '|', 2) as event_type
    from {{ ref('dq_rows') }} as rows_read
),

conditions as (
    select * from {{ ref('spec_field_conditions') }}
)

select distinct
    row_profiles.row_profile,
    conditions.field_name,
    conditions.field_status,
    conditions.rule_id
from row_profiles
inner join conditions
    on
        {{ holds_for('conditions.client_types', 'row_profiles.client_type') }}
        and {{ holds_for('conditions.event_types', 'row_profiles.event_type') }}
        and (
            conditions.extra_condition is null
            or position('|' || conditions.extra_condition || '|' in row_profiles.row_profile) > 0
        )
