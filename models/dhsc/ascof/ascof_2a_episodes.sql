-- The episodes behind ASCOF 2A with what followed each: one row per council and episode. The first of
-- DHSC's rules that fires decides, and within a rule the lowest rank.
with

cohort as (

    select * from {{ ref('ascof_2a_cohort') }}

),

candidates as (

    select * from {{ ref('ascof_2a_candidates') }}

),

counted_outcomes as (

    select * from {{ ref('dhsc_2a_final_outcomes') }}

),

decided as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.la_code, candidates.st_max_cluster_id
            order by
                candidates.rule_order,
                candidates.candidate_rank,
                candidates.sequel_type,
                candidates.final_outcome
        ) as first_rule
    from candidates

)

select
    cohort.la_code,
    cohort.der_nhs_la_combined_person_id,
    cohort.la_person_unique_identifier,
    cohort.st_max_cluster_id,
    decided.final_outcome,
    decided.sequel_type,
    cohort.age_band as st_max_cluster_working_age_band,
    cohort.cluster_start as st_max_cluster_start,
    cohort.cluster_end as st_max_cluster_end,
    cohort.cluster_outcome as st_max_cluster_event_outcome,
    coalesce(counted_outcomes.in_denominator, false) as in_denominator,
    coalesce(counted_outcomes.in_numerator, false) as in_numerator
from cohort
inner join decided
    on
        cohort.la_code = decided.la_code
        and cohort.st_max_cluster_id = decided.st_max_cluster_id
        and decided.first_rule = 1
left join counted_outcomes
    on decided.final_outcome = counted_outcomes.final_outcome
