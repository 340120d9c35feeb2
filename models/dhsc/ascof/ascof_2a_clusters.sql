-- Short term support to maximise independence as episodes: ST-Max services of a person that follow
-- each other within seven days. One row per council, person and episode, at any date.
with

events as (

    select * from {{ ref('ascof_2a_events') }}
    where is_st_max

),

with_earlier_end as (

    select
        events.*,
        max(events.event_end_date) over (
            partition by events.la_code, events.der_nhs_la_combined_person_id
            order by
                events.event_start_date,
                events.event_end_date,
                events.outcome_rank_2a,
                events.der_unique_record_id desc
            rows between unbounded preceding and 1 preceding
        ) as earlier_end_date
    from events

),

numbered as (

    select
        with_earlier_end.*,
        sum(
            case
                when
                    with_earlier_end.earlier_end_date is null
                    or {{ dbt.datediff(
                        'with_earlier_end.earlier_end_date',
                        'with_earlier_end.event_start_date',
                        'day'
                    ) }} > {{ dhsc_number('dhsc_short_term_gap_days') }}
                    then 1
                else 0
            end
        ) over (
            partition by with_earlier_end.la_code
            order by
                with_earlier_end.der_nhs_la_combined_person_id,
                with_earlier_end.event_start_date,
                with_earlier_end.event_end_date,
                with_earlier_end.outcome_rank_2a,
                with_earlier_end.der_unique_record_id desc
            rows between unbounded preceding and current row
        ) as cluster_id
    from with_earlier_end

),

ranked as (

    select
        numbered.*,
        min(numbered.event_start_date) over (
            partition by numbered.la_code, numbered.cluster_id
        ) as cluster_start,
        row_number() over (
            partition by numbered.la_code, numbered.cluster_id
            order by
                numbered.event_end_date desc,
                numbered.outcome_rank_2a,
                numbered.der_unique_record_id desc
        ) as last_first
    from numbered

)

select
    ranked.la_code,
    ranked.der_nhs_la_combined_person_id,
    cast(ranked.cluster_id as integer) as st_max_cluster_id,
    ranked.cluster_start,
    ranked.event_end_date as cluster_end,
    ranked.event_outcome as cluster_outcome,
    ranked.outcome_rank_2a as cluster_outcome_rank
from ranked
where ranked.last_first = 1
