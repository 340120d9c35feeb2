-- Everything that may follow an episode of short term support in ASCOF 2A, one row per episode and
-- candidate, in the order of DHSC's rules (rule_order 1 to 6).
with

cohort as (

    select * from {{ ref('ascof_2a_cohort') }}
    where is_new_client

),

events as (

    select * from {{ ref('ascof_2a_events') }}
    where not is_st_max

),

window_events as (

    select * from {{ ref('ascof_2a_sequel_events') }}

),

window_summary as (

    select
        window_events.la_code,
        window_events.st_max_cluster_id,
        bool_or(window_events.is_compared) as has_compared_event
    from window_events
    group by window_events.la_code, window_events.st_max_cluster_id

),

nested_events as (

    select
        cohort.la_code,
        cohort.st_max_cluster_id,
        cohort.cluster_end,
        events.event_start_date,
        events.is_assessment_or_review,
        events.event_end_date,
        events.is_service,
        events.service_component,
        events.event_outcome,
        events.outcome_rank_2a,
        events.der_unique_record_id
    from cohort
    inner join events
        on
            cohort.la_code = events.la_code
            and cohort.der_nhs_la_combined_person_id = events.der_nhs_la_combined_person_id
            and cohort.cluster_start <= events.event_start_date
            and cohort.cluster_end >= events.event_end_date
            and cohort.cluster_start < events.event_end_date

),

nested_outcomes as (

    select
        nested_events.*,
        row_number() over (
            partition by nested_events.la_code, nested_events.st_max_cluster_id
            order by
                nested_events.event_end_date desc,
                nested_events.outcome_rank_2a,
                nested_events.der_unique_record_id desc
        ) as last_first
    from nested_events
    where
        nested_events.is_assessment_or_review
        and nested_events.outcome_rank_2a < 100
        and {{ dbt.datediff('nested_events.event_end_date', 'nested_events.cluster_end', 'day') }}
        <= {{ dhsc_number('dhsc_nested_assessment_days') }}

)

select
    cohort.la_code,
    cohort.st_max_cluster_id,
    1 as rule_order,
    '1' as sequel_type,
    {{ dhsc_value('deceased') }} as final_outcome,
    0 as candidate_rank
from cohort
where
    {{ dbt.datediff('cohort.cluster_end', 'cohort.date_of_death', 'day') }}
    <= {{ dhsc_number('dhsc_sequel_days') }}
union all
select
    cohort.la_code,
    cohort.st_max_cluster_id,
    2 as rule_order,
    '2' as sequel_type,
    cohort.cluster_outcome as final_outcome,
    0 as candidate_rank
from cohort
where cohort.cluster_outcome = {{ dhsc_value('admitted_to_hospital') }}
union all
select
    window_events.la_code,
    window_events.st_max_cluster_id,
    3 as rule_order,
    '3' as sequel_type,
    case
        when
            window_events.service_type = {{ dhsc_value('other_short_term') }}
            and window_events.service_component
            in ({{ dhsc_value(['short_term_residential_care', 'short_term_nursing_care']) }})
            then {{ dhsc_value('short_term_care_home') }}
        else window_events.service_type
    end as final_outcome,
    window_events.client_rank * 10
    + case
        when
            window_events.service_component
            in ({{ dhsc_value(['short_term_residential_care', 'short_term_nursing_care']) }})
            then 0
        else 1
    end as candidate_rank
from window_events
-- DHSC looks at the type of service alone: a type on a row that is no service counts too.
where window_events.client_rank is not null
union all
-- The episode's own outcome is compared only where nothing outlasts it or an event with an outcome
-- does. Where only unranked services do, or events ended as planned, a good outcome falls to type 6.
-- Ranks are times ten so that the episode's own outcome wins a tie, then events that outlast it.
select
    cohort.la_code,
    cohort.st_max_cluster_id,
    4 as rule_order,
    '4a' as sequel_type,
    cohort.cluster_outcome as final_outcome,
    cohort.cluster_outcome_rank * 10 as candidate_rank
from cohort
left join window_summary
    on
        cohort.la_code = window_summary.la_code
        and cohort.st_max_cluster_id = window_summary.st_max_cluster_id
where
    cohort.cluster_outcome_rank < 100
    and (window_summary.la_code is null or window_summary.has_compared_event)
union all
select
    window_events.la_code,
    window_events.st_max_cluster_id,
    4 as rule_order,
    '4b' as sequel_type,
    window_events.event_outcome as final_outcome,
    window_events.outcome_rank_2a * 10 + 1 as candidate_rank
from window_events
where window_events.is_compared and window_events.outcome_rank_2a < 100
union all
select
    nested_outcomes.la_code,
    nested_outcomes.st_max_cluster_id,
    4 as rule_order,
    '4c' as sequel_type,
    nested_outcomes.event_outcome as final_outcome,
    nested_outcomes.outcome_rank_2a * 10 + 2 as candidate_rank
from nested_outcomes
where nested_outcomes.last_first = 1
union all
select
    nested_events.la_code,
    nested_events.st_max_cluster_id,
    5 as rule_order,
    '5' as sequel_type,
    {{ dhsc_value('ongoing_low_level') }} as final_outcome,
    0 as candidate_rank
from nested_events
where nested_events.is_service and nested_events.service_component = {{ dhsc_value('equipment') }}
union all
select
    cohort.la_code,
    cohort.st_max_cluster_id,
    6 as rule_order,
    '6' as sequel_type,
    cohort.cluster_outcome as final_outcome,
    0 as candidate_rank
from cohort
