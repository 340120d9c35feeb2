-- Which rows the return has and what each says about its event: one row each, person details apart.
with

requests as (
    select * from {{ ref('cnf_requests') }}
    where exclusion_code is null
),

assessments as (
    select * from {{ ref('cnf_assessments') }}
    where exclusion_code is null
),

services as (
    select * from {{ ref('cnf_services') }}
    where
        exclusion_code is null
        and source_record_id = combined_record_id
),

reviews as (
    select * from {{ ref('cnf_reviews') }}
    where exclusion_code is null
),

event_rows as (
    select
        requests.source_table,
        requests.source_record_id,
        requests.event_reference,
        requests.person_id,
        requests.client_type,
        {{ cld_value('request') }} as event_type,
        requests.event_start_date,
        requests.event_end_date,
        requests.event_day,
        requests.event_outcome,
        requests.team_id
    from requests
    union all
    select
        assessments.source_table,
        assessments.source_record_id,
        assessments.event_reference,
        assessments.person_id,
        assessments.client_type,
        {{ cld_value('assessment') }} as event_type,
        assessments.event_start_date,
        assessments.event_end_date,
        assessments.event_day,
        assessments.event_outcome,
        assessments.team_id
    from assessments
    union all
    select
        services.source_table,
        services.source_record_id,
        services.event_reference,
        services.person_id,
        services.client_type,
        {{ cld_value('service') }} as event_type,
        services.event_start_date,
        services.event_end_date,
        services.event_day,
        services.event_outcome,
        services.team_id
    from services
    union all
    select
        reviews.source_table,
        reviews.source_record_id,
        reviews.event_reference,
        reviews.person_id,
        reviews.client_type,
        {{ cld_value('review') }} as event_type,
        reviews.event_start_date,
        reviews.event_end_date,
        reviews.event_day,
        reviews.event_outcome,
        reviews.team_id
    from reviews
),

-- A carer who had no event of their own, linked to somebody who has one: a row that only links.
carers_by_association as (
    select
        links.carer_person_id as person_id,
        min(links.relationship_id) as relationship_id
    from {{ ref('cnf_carer_links') }} as links
    where
        links.exclusion_code is null
        and links.cared_for_person_id in (
            select event_rows.person_id from event_rows
            where event_rows.client_type = {{ cld_value('service_user') }}
        )
        and links.carer_person_id not in (
            select event_rows.person_id from event_rows
            where event_rows.client_type = {{ cld_value('unpaid_carer') }}
        )
    group by links.carer_person_id
),

all_rows as (
    select * from event_rows
    union all
    select
        'relationship' as source_table,
        carers_by_association.relationship_id as source_record_id,
        null as event_reference,
        carers_by_association.person_id,
        {{ cld_value('carer_known_by_association') }} as client_type,
        null as event_type,
        null as event_start_date,
        null as event_end_date,
        {{ date_setting('reporting_period_end') }} as event_day,
        null as event_outcome,
        null as team_id
    from carers_by_association
)

select
    md5(concat_ws(
        '|', '{{ setting("la_code") }}', all_rows.client_type, all_rows.source_table,
        all_rows.source_record_id
    )) as cld_row_id,
    all_rows.source_table,
    all_rows.source_record_id,
    all_rows.event_reference,
    all_rows.person_id,
    all_rows.client_type,
    all_rows.event_type,
    all_rows.event_start_date,
    all_rows.event_end_date,
    all_rows.event_day,
    all_rows.event_outcome,
    all_rows.team_id,
    coalesce(requests.is_conversation, false) as is_conversation,
    requests.request_route_of_access,
    assessments.assessment_type,
    assessments.eligible_needs_identified,
    assessments.method_of_assessment,
    services.service_type,
    services.service_component,
    services.delivery_mechanism,
    services.provider_cqc_location_name,
    services.provider_cqc_location_id,
    reviews.review_reason,
    reviews.review_outcomes_achieved,
    reviews.method_of_review,
    services.unit_cost,
    services.cost_frequency as cost_frequency_unit_type,
    services.planned_units_per_week
from all_rows
left join requests
    on
        all_rows.source_table = requests.source_table
        and all_rows.source_record_id = requests.source_record_id
left join assessments
    on
        all_rows.source_table = assessments.source_table
        and all_rows.source_record_id = assessments.source_record_id
left join services
    on
        all_rows.source_table = services.source_table
        and all_rows.source_record_id = services.source_record_id
left join reviews
    on
        all_rows.source_table = reviews.source_table
        and all_rows.source_record_id = reviews.source_record_id
