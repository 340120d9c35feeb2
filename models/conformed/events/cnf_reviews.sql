-- Reviews: one row for each, with the reason where it is not in the return.
with

reviews as (
    select * from {{ ref('stg_extracts__review') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

dated as (
    select
        reviews.*,
        cast(reviews.started_at as date) as event_start_date,
        cast(reviews.completed_at as date) as event_end_date,
        coalesce(
            cast(reviews.completed_at as date),
            {{ date_setting('reporting_period_end') }}
        ) as event_day
    from reviews
)

select
    'review' as source_table,
    dated.review_id as source_record_id,
    dated.review_id as event_reference,
    person_records.survivor_person_id as person_id,
    client_types.cld_value as client_type,
    client_types.mapping_id as client_type_mapping_id,
    dated.event_start_date,
    dated.event_end_date,
    dated.event_day,
    outcomes.event_outcome,
    outcomes.mapping_id as event_outcome_mapping_id,
    -- REV-02: only where no reason is recorded; an unmapped one stays empty and is reported.
    case
        when
            dated.reason_code is null
            and client_types.cld_value = {{ cld_value('unpaid_carer') }}
            then {{ cld_value('planned_review') }}
        else reasons.cld_value
    end as review_reason,
    reasons.mapping_id as review_reason_mapping_id,
    achieved.cld_value as review_outcomes_achieved,
    achieved.mapping_id as outcomes_achieved_mapping_id,
    methods.cld_value as method_of_review,
    methods.mapping_id as method_mapping_id,
    dated.team_id,
    {{ event_exclusion(
        'dated', ['started_at', 'completed_at'], 'dated.event_start_date', 'dated.event_end_date'
    ) }} as exclusion_code
from dated
left join person_records
    on dated.person_id = person_records.person_id
left join {{ ref('cnf_event_outcomes') }} as outcomes
    on
        outcomes.source_table = 'review'
        and dated.review_id = outcomes.source_record_id
{{ join_mapping('client_types', 'subject_role', 'dated.subject_role', 'dated.event_day') }}
{{ join_mapping('reasons', 'review_reason', 'dated.reason_code', 'dated.event_day') }}
{{ join_mapping(
    'achieved', 'outcomes_achieved', 'dated.outcomes_achieved_code', 'dated.event_day'
) }}
{{ join_mapping('methods', 'review_method', 'dated.method_code', 'dated.event_day') }}
