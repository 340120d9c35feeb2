-- Whose values the return needs and for which days: one row a person and day. Today every dated field takes the last
-- day of the period (decision 0002): days of events count for a field of which spec_fields.value_rule says as_at_event.
with

events as (
    select
        requests.person_id,
        requests.event_day
    from {{ ref('cnf_requests') }} as requests
    where requests.exclusion_code is null
    union all
    select
        assessments.person_id,
        assessments.event_day
    from {{ ref('cnf_assessments') }} as assessments
    where assessments.exclusion_code is null
    union all
    select
        reviews.person_id,
        reviews.event_day
    from {{ ref('cnf_reviews') }} as reviews
    where reviews.exclusion_code is null
    union all
    select
        services.person_id,
        services.event_day
    from {{ ref('cnf_services') }} as services
    where services.exclusion_code is null
    union all
    -- Carers known by association have no event: the last day of the period stands in.
    select
        links.carer_person_id as person_id,
        {{ date_setting('reporting_period_end') }} as event_day
    from {{ ref('cnf_carer_links') }} as links
    where links.exclusion_code is null
)

select distinct
    events.person_id,
    events.event_day
from events
