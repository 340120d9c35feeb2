-- ASCOF of each council, each region and of all councils given: numerators and denominators added, never rates
-- averaged. For those who may see all councils; what may be shown is reg_shared_measures.
with

measures as (

    select * from {{ ref('ascof_measures') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

headline_measures as (

    select * from {{ ref('dhsc_measures') }}

),

-- A council whose file DHSC would not take for the 12 months has zeros that are no figures.
taken as (

    select distinct selection.la_code
    from {{ ref('dhsc_selection') }} as selection
    where selection.events_table = 'single'

),

areas as (

    select
        'council' as area_type,
        councils.la_code as area_code,
        councils.la_name as area_name,
        councils.la_code
    from councils
    union all
    select
        'region' as area_type,
        councils.region as area_code,
        councils.region as area_name,
        councils.la_code
    from councils
    union all
    select
        'all given' as area_type,
        'all given' as area_code,
        'All councils given' as area_name,
        councils.la_code
    from councils

),

counted as (

    select
        measures.*,
        taken.la_code is not null and measures.denominator is not null as is_counted
    from measures
    left join taken on measures.la_code = taken.la_code

),

added as (

    select
        areas.area_type,
        areas.area_code,
        areas.area_name,
        counted.period_start,
        counted.period_end,
        counted.measure,
        counted.group,
        sum(case when counted.is_counted then counted.numerator end) as numerator,
        sum(case when counted.is_counted then counted.denominator end) as denominator,
        sum(case when counted.is_counted then 1 else 0 end) as councils_counted,
        count(*) as councils_given
    from areas
    inner join counted on areas.la_code = counted.la_code
    group by
        areas.area_type,
        areas.area_code,
        areas.area_name,
        counted.period_start,
        counted.period_end,
        counted.measure,
        counted.group

)

select
    added.area_type,
    added.area_code,
    added.area_name,
    added.period_start,
    added.period_end,
    added.measure,
    added.group,
    cast(added.numerator as bigint) as numerator,
    cast(added.denominator as bigint) as denominator,
    case
        when added.denominator > 0
            then
                round(
                    cast(added.numerator as double)
                    / added.denominator
                    * headline_measures.multiplier, 1
                )
    end as outcome,
    cast(added.councils_counted as bigint) as councils_counted,
    cast(added.councils_given as bigint) as councils_given
from added
inner join headline_measures
    on
        added.measure = headline_measures.measure
        and added.group = headline_measures.group
