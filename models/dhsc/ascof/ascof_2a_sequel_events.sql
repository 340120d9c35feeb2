-- Events that may follow an episode of short term support of ASCOF 2A: those that start during it or up
-- to seven days later and outlast it. One row per episode and event.
with

cohort as (

    select * from {{ ref('ascof_2a_cohort') }}
    where is_new_client

),

events as (

    select * from {{ ref('ascof_2a_events') }}
    where not is_st_max

),

outlasting_events as (

    select
        cohort.la_code,
        cohort.st_max_cluster_id,
        events.event_start_date,
        events.is_service,
        events.service_type,
        events.service_component,
        events.client_rank,
        events.event_outcome,
        events.outcome_rank_2a,
        not events.is_service
        and events.event_outcome != {{ dhsc_value('support_ended_as_planned') }} as is_compared
    from cohort
    inner join events
        on
            cohort.la_code = events.la_code
            and cohort.der_nhs_la_combined_person_id = events.der_nhs_la_combined_person_id
            and cohort.cluster_start <= events.event_start_date
            and cohort.cluster_end < events.event_end_date
            and {{ dbt.datediff('cohort.cluster_end', 'events.event_start_date', 'day') }}
            <= {{ dhsc_number('dhsc_sequel_days') }}

),

-- DHSC stops at the first that says ST-Max, and leaves it out. A service within seven days is part of
-- the episode, so that this can only be a row that is no service and has the type all the same.
stopped_events as (

    select
        outlasting_events.*,
        min(
            case
                when outlasting_events.service_type = {{ dhsc_value('st_max') }}
                    then outlasting_events.event_start_date
            end
        ) over (
            partition by outlasting_events.la_code, outlasting_events.st_max_cluster_id
        ) as stopped_on
    from outlasting_events

)

select
    stopped_events.la_code,
    stopped_events.st_max_cluster_id,
    stopped_events.is_service,
    stopped_events.service_type,
    stopped_events.service_component,
    stopped_events.client_rank,
    stopped_events.event_outcome,
    stopped_events.outcome_rank_2a,
    stopped_events.is_compared
from stopped_events
where
    stopped_events.stopped_on is null
    or stopped_events.event_start_date < stopped_events.stopped_on
