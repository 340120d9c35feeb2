-- Episodes of ASCOF 2A counted by age band, what followed and final outcome. Type 6 is labelled unable
-- to classify by DHSC even where its outcome counts.
with episodes as (

    select * from {{ ref('ascof_2a_episodes') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

)

select
    episodes.la_code,
    councils.la_name,
    episodes.st_max_cluster_working_age_band as age_band,
    episodes.sequel_type,
    episodes.final_outcome,
    case when episodes.in_denominator then 'Y' else 'N' end as included_in_denom,
    case when episodes.in_numerator then 'Y' else 'N' end as included_in_num,
    case when episodes.sequel_type = '6' then 'Y' else 'N' end as incl_in_unable_to_classify,
    cast(count(*) as integer) as st_max_count
from episodes
inner join councils
    on episodes.la_code = councils.la_code
group by
    episodes.la_code,
    councils.la_name,
    episodes.st_max_cluster_working_age_band,
    episodes.sequel_type,
    episodes.final_outcome,
    episodes.in_denominator,
    episodes.in_numerator
