-- How often each value stands in each field with a defined list, by submission.
with

submitted_rows as (
    select * from {{ ref('sub_rows') }}
)

select
    submitted_rows.submission_id,
    'gender' as field_name,
    submitted_rows.gender as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.gender is not null
group by submitted_rows.submission_id, submitted_rows.gender

union all
select
    submitted_rows.submission_id,
    'ethnicity' as field_name,
    submitted_rows.ethnicity as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.ethnicity is not null
group by submitted_rows.submission_id, submitted_rows.ethnicity

union all
select
    submitted_rows.submission_id,
    'client_type' as field_name,
    submitted_rows.client_type as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.client_type is not null
group by submitted_rows.submission_id, submitted_rows.client_type

union all
select
    submitted_rows.submission_id,
    'primary_support_reason' as field_name,
    submitted_rows.primary_support_reason as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.primary_support_reason is not null
group by submitted_rows.submission_id, submitted_rows.primary_support_reason

union all
select
    submitted_rows.submission_id,
    'accommodation_status' as field_name,
    submitted_rows.accommodation_status as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.accommodation_status is not null
group by submitted_rows.submission_id, submitted_rows.accommodation_status

union all
select
    submitted_rows.submission_id,
    'employment_status' as field_name,
    submitted_rows.employment_status as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.employment_status is not null
group by submitted_rows.submission_id, submitted_rows.employment_status

union all
select
    submitted_rows.submission_id,
    'has_unpaid_carer' as field_name,
    submitted_rows.has_unpaid_carer as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.has_unpaid_carer is not null
group by submitted_rows.submission_id, submitted_rows.has_unpaid_carer

union all
select
    submitted_rows.submission_id,
    'autism_spectrum_disorder_asd' as field_name,
    submitted_rows.autism_spectrum_disorder_asd as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.autism_spectrum_disorder_asd is not null
group by submitted_rows.submission_id, submitted_rows.autism_spectrum_disorder_asd

union all
select
    submitted_rows.submission_id,
    'visual_impairment' as field_name,
    submitted_rows.visual_impairment as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.visual_impairment is not null
group by submitted_rows.submission_id, submitted_rows.visual_impairment

union all
select
    submitted_rows.submission_id,
    'hearing_impairment' as field_name,
    submitted_rows.hearing_impairment as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.hearing_impairment is not null
group by submitted_rows.submission_id, submitted_rows.hearing_impairment

union all
select
    submitted_rows.submission_id,
    'dementia' as field_name,
    submitted_rows.dementia as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.dementia is not null
group by submitted_rows.submission_id, submitted_rows.dementia

union all
select
    submitted_rows.submission_id,
    'client_funding_status' as field_name,
    submitted_rows.client_funding_status as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.client_funding_status is not null
group by submitted_rows.submission_id, submitted_rows.client_funding_status

union all
select
    submitted_rows.submission_id,
    'event_type' as field_name,
    submitted_rows.event_type as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.event_type is not null
group by submitted_rows.submission_id, submitted_rows.event_type

union all
select
    submitted_rows.submission_id,
    'event_outcome' as field_name,
    submitted_rows.event_outcome as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.event_outcome is not null
group by submitted_rows.submission_id, submitted_rows.event_outcome

union all
select
    submitted_rows.submission_id,
    'request_route_of_access' as field_name,
    submitted_rows.request_route_of_access as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.request_route_of_access is not null
group by submitted_rows.submission_id, submitted_rows.request_route_of_access

union all
select
    submitted_rows.submission_id,
    'assessment_type' as field_name,
    submitted_rows.assessment_type as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.assessment_type is not null
group by submitted_rows.submission_id, submitted_rows.assessment_type

union all
select
    submitted_rows.submission_id,
    'eligible_needs_identified' as field_name,
    submitted_rows.eligible_needs_identified as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.eligible_needs_identified is not null
group by submitted_rows.submission_id, submitted_rows.eligible_needs_identified

union all
select
    submitted_rows.submission_id,
    'method_of_assessment' as field_name,
    submitted_rows.method_of_assessment as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.method_of_assessment is not null
group by submitted_rows.submission_id, submitted_rows.method_of_assessment

union all
select
    submitted_rows.submission_id,
    'total_hrs_caring_per_week' as field_name,
    submitted_rows.total_hrs_caring_per_week as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.total_hrs_caring_per_week is not null
group by submitted_rows.submission_id, submitted_rows.total_hrs_caring_per_week

union all
select
    submitted_rows.submission_id,
    'service_type' as field_name,
    submitted_rows.service_type as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.service_type is not null
group by submitted_rows.submission_id, submitted_rows.service_type

union all
select
    submitted_rows.submission_id,
    'service_component' as field_name,
    submitted_rows.service_component as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.service_component is not null
group by submitted_rows.submission_id, submitted_rows.service_component

union all
select
    submitted_rows.submission_id,
    'delivery_mechanism' as field_name,
    submitted_rows.delivery_mechanism as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.delivery_mechanism is not null
group by submitted_rows.submission_id, submitted_rows.delivery_mechanism

union all
select
    submitted_rows.submission_id,
    'review_reason' as field_name,
    submitted_rows.review_reason as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.review_reason is not null
group by submitted_rows.submission_id, submitted_rows.review_reason

union all
select
    submitted_rows.submission_id,
    'review_outcomes_achieved' as field_name,
    submitted_rows.review_outcomes_achieved as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.review_outcomes_achieved is not null
group by submitted_rows.submission_id, submitted_rows.review_outcomes_achieved

union all
select
    submitted_rows.submission_id,
    'method_of_review' as field_name,
    submitted_rows.method_of_review as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.method_of_review is not null
group by submitted_rows.submission_id, submitted_rows.method_of_review

union all
select
    submitted_rows.submission_id,
    'cost_frequency_unit_type' as field_name,
    submitted_rows.cost_frequency_unit_type as field_value,
    count(*) as row_count
from submitted_rows
where submitted_rows.cost_frequency_unit_type is not null
group by submitted_rows.submission_id, submitted_rows.cost_frequency_unit_type
