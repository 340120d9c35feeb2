-- Waiting times of councils, regions and all given, as councils may see them of each other: no median of a handful of
-- waits, none of an area in which a council could make out another, and no count that gives a hidden one back.
{%- set threshold = setting('share_threshold') %}
{#- Councils with waits behind a median of an area, and hidden ones behind its count: who takes its own away still sees
    two or more. -#}
{%- set least_councils = 3 %}
with

waiting_times as (

    select * from {{ ref('reg_waiting_times') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

cells as (

    select
        waiting_times.*,
        councils.region,
        case
            when waiting_times.number_of_waiting_times_identified < {{ threshold }} then 1
            when
                waiting_times.area_type <> 'council'
                and waiting_times.councils_with_waits < {{ least_councils }}
                then 1
            else 0
        end as is_small
    from waiting_times
    left join councils
        on waiting_times.area_type = 'council' and waiting_times.area_code = councils.la_code

),

hidden_councils as (

    select
        cells.*,
        cells.number_of_waiting_times_identified as numerator
    from cells
    where cells.area_type = 'council' and cells.is_small = 1

),

-- What is left when all councils that are shown are taken from a region: the hidden ones together.
behind_regions as (

    select
        hidden_councils.region as area_code,
        hidden_councils.statistical_reporting_period_start,
        hidden_councils.modified_working_age_band,
        hidden_councils.metric,
        {{ gives_back('hidden_councils', threshold, least_councils) }} as gives_back
    from hidden_councils
    group by
        hidden_councils.region,
        hidden_councils.statistical_reporting_period_start,
        hidden_councils.modified_working_age_band,
        hidden_councils.metric

),

regions as (

    select
        cells.area_code,
        cells.statistical_reporting_period_start,
        cells.modified_working_age_band,
        cells.metric,
        greatest(cells.is_small, coalesce(behind_regions.gives_back, 0)) as is_hidden
    from cells
    left join behind_regions
        on
            cells.area_code = behind_regions.area_code
            and cells.statistical_reporting_period_start
            = behind_regions.statistical_reporting_period_start
            and cells.modified_working_age_band = behind_regions.modified_working_age_band
            and cells.metric = behind_regions.metric
    where cells.area_type = 'region'

),

-- And from all given: the hidden councils of the regions that are hidden too.
behind_all as (

    select
        'all given' as area_code,
        hidden_councils.statistical_reporting_period_start,
        hidden_councils.modified_working_age_band,
        hidden_councils.metric,
        {{ gives_back('hidden_councils', threshold, least_councils) }} as gives_back
    from hidden_councils
    inner join regions
        on
            hidden_councils.region = regions.area_code
            and hidden_councils.statistical_reporting_period_start
            = regions.statistical_reporting_period_start
            and hidden_councils.modified_working_age_band = regions.modified_working_age_band
            and hidden_councils.metric = regions.metric
    where regions.is_hidden = 1
    group by
        hidden_councils.statistical_reporting_period_start,
        hidden_councils.modified_working_age_band,
        hidden_councils.metric

),

verdicts as (

    select
        'region' as area_type,
        regions.area_code,
        regions.statistical_reporting_period_start,
        regions.modified_working_age_band,
        regions.metric,
        regions.is_hidden
    from regions
    union all
    select
        'all given' as area_type,
        behind_all.area_code,
        behind_all.statistical_reporting_period_start,
        behind_all.modified_working_age_band,
        behind_all.metric,
        behind_all.gives_back as is_hidden
    from behind_all

),

marked as (

    select
        cells.*,
        greatest(cells.is_small, coalesce(verdicts.is_hidden, 0)) as is_suppressed
    from cells
    left join verdicts
        on
            cells.area_type = verdicts.area_type
            and cells.area_code = verdicts.area_code
            and cells.statistical_reporting_period_start
            = verdicts.statistical_reporting_period_start
            and cells.modified_working_age_band = verdicts.modified_working_age_band
            and cells.metric = verdicts.metric

),

shown as (

    select
        marked.*,
        case
            when marked.is_suppressed = 0
                then {{ 'round(marked.median_waiting_time)' if setting('share_rounding') > 1
                    else 'marked.median_waiting_time' }}
        end as shown_median
    from marked

)

select
    shown.area_type,
    shown.area_code,
    shown.area_name,
    shown.statistical_reporting_period_start,
    shown.statistical_reporting_period_end,
    shown.modified_working_age_band,
    shown.metric,
    shown.shown_median as median_waiting_time,
    case
        when shown.is_suppressed = 0
            then {{ rounded_count('shown.number_of_waiting_times_identified') }}
    end as number_of_waiting_times_identified,
    case when shown.is_suppressed = 1 then 'c' end as marker,
    shown.shown_median - of_regions.shown_median as difference_from_region,
    shown.councils_with_waits,
    shown.councils_given
from shown
left join shown as of_regions
    on
        of_regions.area_type = 'region'
        and shown.region = of_regions.area_code
        and shown.statistical_reporting_period_start
        = of_regions.statistical_reporting_period_start
        and shown.modified_working_age_band = of_regions.modified_working_age_band
        and shown.metric = of_regions.metric
