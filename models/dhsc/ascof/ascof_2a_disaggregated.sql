-- Episodes of ASCOF 2A counted by age band, what followed and final outcome. Whether an episode cannot
-- be classified follows from its final outcome, not from the type 6 that is named so.
with

episodes as (

    select * from {{ ref('ascof_2a_episodes') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

outcomes as (

    select * from {{ ref('dhsc_event_outcomes') }}

)

select
    episodes.la_code,
    councils.la_name,
    episodes.st_max_cluster_working_age_band as age_band,
    episodes.sequel_type,
    episodes.final_outcome,
    case when episodes.in_denominator then 'Y' else 'N' end as included_in_denom,
    case when episodes.in_numerator then 'Y' else 'N' end as included_in_num,
    case
        when outcomes.is_unable_to_classify or episodes.final_outcome = {{ dhsc_value('invalid') }}
            then 'Y'
        else 'N'
    end as incl_in_unable_to_classify,
    cast(count(*) as integer) as st_max_count
from episodes
inner join councils
    on episodes.la_code = councils.la_code
left join outcomes
    on episodes.final_outcome = outcomes.event_outcome
group by
    episodes.la_code,
    councils.la_name,
    episodes.st_max_cluster_working_age_band,
    episodes.sequel_type,
    episodes.final_outcome,
    episodes.in_denominator,
    episodes.in_numerator,
    outcomes.is_unable_to_classify
