-- Measures of councils, regions and all given, as councils may see them of each other, with how far each council is
-- from its region. What is hidden, reg_measure_verdicts says; whatever is compared is shown.
with

measures as (

    select * from {{ ref('reg_measures') }}
    where councils_counted > 0

),

verdicts as (

    select * from {{ ref('reg_measure_verdicts') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

marked as (

    select
        measures.area_type,
        measures.area_code,
        measures.area_name,
        measures.period_start,
        measures.period_end,
        measures.measure,
        measures.group,
        case when not verdicts.is_hidden then {{ rounded_count('measures.numerator') }} end
            as numerator,
        case when not verdicts.is_hidden then {{ rounded_count('measures.denominator') }} end
            as denominator,
        -- From the counts as they are; a decimal beside rounded counts would give them back.
        case
            when not verdicts.is_hidden
                then round(measures.outcome, {{ 0 if setting('share_rounding') > 1 else 1 }})
        end as outcome,
        case when verdicts.is_hidden then 'c' end as marker,
        measures.councils_counted,
        measures.councils_given
    from measures
    inner join verdicts
        on
            measures.area_type = verdicts.area_type
            and measures.area_code = verdicts.area_code
            and measures.measure = verdicts.measure
            and verdicts.cell_kind = case when measures.group = 'Total' then 'total' else 'parts' end

),

-- Of figures that are shown only: what is hidden has no place and moves nobody else's.
placed as (

    select
        marked.area_code,
        marked.measure,
        marked.group,
        councils.region,
        rank() over (
            partition by councils.region, marked.measure, marked.group
            order by marked.outcome desc
        ) as place_in_region,
        count(*) over (
            partition by councils.region, marked.measure, marked.group
        ) as councils_placed
    from marked
    inner join councils on marked.area_code = councils.la_code
    where marked.area_type = 'council' and marked.outcome is not null

)

select
    marked.area_type,
    marked.area_code,
    marked.area_name,
    marked.period_start,
    marked.period_end,
    marked.measure,
    marked.group,
    marked.numerator,
    marked.denominator,
    marked.outcome,
    marked.marker,
    round(marked.outcome - regions.outcome, 1) as difference_from_region,
    cast(placed.place_in_region as bigint) as place_in_region,
    cast(placed.councils_placed as bigint) as councils_placed,
    marked.councils_counted,
    marked.councils_given
from marked
left join placed
    on
        marked.area_type = 'council'
        and marked.area_code = placed.area_code
        and marked.measure = placed.measure
        and marked.group = placed.group
left join marked as regions
    on
        regions.area_type = 'region'
        and placed.region = regions.area_code
        and marked.measure = regions.measure
        and marked.group = regions.group
