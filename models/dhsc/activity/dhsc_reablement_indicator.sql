-- Local indicator of reablement for people aged 65 and over: the part of what ASCOF 2D asks that a
-- council can know without hospital data. It is not 2D. One row per council and age band.
with

episodes as (

    select * from {{ ref('dhsc_reablement_episodes') }}

),

grouped as (

    select
        episodes.*,
        'Total' as indicator_group
    from episodes
    union all
    select
        episodes.*,
        episodes.age_band as indicator_group
    from episodes

)

select
    grouped.la_code,
    'Local indicator: reablement at 65 and over' as indicator,
    grouped.indicator_group as age_band,
    cast(count(*) as integer) as episodes,
    cast(count(*) filter (where grouped.has_died) as integer) as died_within_84_days,
    cast(count(*) filter (where grouped.has_moved_to_care_home) as integer)
        as moved_to_care_home_within_84_days,
    cast(
        count(*) filter (where not grouped.has_died and not grouped.has_moved_to_care_home)
        as integer
    ) as neither,
    cast(count(*) filter (where not grouped.is_followed_to_the_end) as integer)
        as not_yet_followed_for_84_days
from grouped
group by grouped.la_code, grouped.indicator_group
