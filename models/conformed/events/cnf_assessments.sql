-- Assessments: one row for each, with the reason where it is not in the return.
with

assessments as (
    select * from {{ ref('stg_extracts__assessment') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

-- The date a practitioner wrote on the form is when the work was done; the workflow step is when
-- somebody pressed the button. The form wins, each date on its own; both are kept.
dated as (
    select
        assessments.*,
        coalesce(assessments.form_start_date, cast(assessments.started_at as date))
            as event_start_date,
        coalesce(assessments.form_end_date, cast(assessments.completed_at as date))
            as event_end_date
    from assessments
),

scoped as (
    select
        dated.*,
        coalesce(dated.event_end_date, {{ date_setting('reporting_period_end') }}) as event_day,
        scope.mapping_id as scope_mapping_id,
        scope.cld_value as assessment_type,
        case
            when scope.mapping_id is null then 'UNMAPPED_ASSESSMENT_TYPE'
            when not scope.is_in_scope then coalesce(scope.exclusion_code, 'OUT_OF_SCOPE_OTHER')
        end as scope_exclusion
    from dated
    left join {{ ref('cnf_map_event_scope') }} as scope
        on
            scope.code_list = 'assessment_type'
            and dated.assessment_type_code = scope.local_code
            and {{ in_force(
                'scope',
                "coalesce(dated.event_end_date, " ~ date_setting('reporting_period_end') ~ ")"
            ) }}
)

select
    'assessment' as source_table,
    scoped.assessment_id as source_record_id,
    scoped.assessment_id as event_reference,
    person_records.survivor_person_id as person_id,
    client_types.cld_value as client_type,
    client_types.mapping_id as client_type_mapping_id,
    scoped.scope_mapping_id,
    scoped.event_start_date,
    scoped.event_end_date,
    scoped.event_day,
    scoped.form_start_date,
    scoped.form_end_date,
    cast(scoped.started_at as date) as step_start_date,
    cast(scoped.completed_at as date) as step_end_date,
    outcomes.event_outcome,
    outcomes.mapping_id as event_outcome_mapping_id,
    scoped.assessment_type,
    eligible_needs.cld_value as eligible_needs_identified,
    eligible_needs.mapping_id as eligible_needs_mapping_id,
    methods.cld_value as method_of_assessment,
    methods.mapping_id as method_mapping_id,
    scoped.team_id,
    {{ event_exclusion(
        'scoped', ['started_at', 'completed_at', 'form_start_date', 'form_end_date'],
        'scoped.event_start_date', 'scoped.event_end_date', 'scoped.scope_exclusion'
    ) }} as exclusion_code
from scoped
left join person_records
    on scoped.person_id = person_records.person_id
left join {{ ref('cnf_event_outcomes') }} as outcomes
    on
        outcomes.source_table = 'assessment'
        and scoped.assessment_id = outcomes.source_record_id
{{ join_mapping('client_types', 'subject_role', 'scoped.subject_role', 'scoped.event_day') }}
{{ join_mapping(
    'eligible_needs', 'eligible_needs', 'scoped.eligible_needs_code', 'scoped.event_day'
) }}
{{ join_mapping('methods', 'assessment_method', 'scoped.method_code', 'scoped.event_day') }}
