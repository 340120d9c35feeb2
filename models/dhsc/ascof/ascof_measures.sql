-- The ASCOF measures of every council in the reporting period: one row per council, measure and group.
-- DHSC lists every group with zeros, and gives outcome 0 where the denominator is 0.
with

measures as (

    select * from {{ ref('dhsc_measures') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

people as (

    select * from {{ ref('ascof_people') }}

),

population as (

    select * from {{ ref('population') }}
    where year = {{ dhsc_number('dhsc_population_year') }}

),

-- Without one every figure is nought, and says nothing of the council.
taken_files as (

    select * from {{ ref('dhsc_selection') }}
    where events_table = 'single'

),

counts as (

    select
        people.la_code,
        people.measure,
        people.group,
        count(*) filter (where people.in_numerator) as numerator,
        count(*) filter (where people.in_denominator) as denominator
    from people
    group by people.la_code, people.measure, people.group

),

listed as (

    select
        councils.la_code,
        councils.la_name,
        measures.measure,
        measures.dhsc_measure,
        measures.description,
        measures.group,
        measures.multiplier,
        coalesce(counts.numerator, 0) as numerator,
        case
            when measures.measure in ('2B', '2C') then population.population
            else coalesce(counts.denominator, 0)
        end as denominator
    from councils
    cross join measures
    left join counts
        on
            councils.la_code = counts.la_code
            and measures.measure = counts.measure
            and measures.group = counts.group
    left join population
        on
            councils.la_code = population.la_code
            and measures.group = population.age_band
            and measures.measure in ('2B', '2C')

)

select
    listed.la_code,
    listed.la_name,
    {{ date_setting('reporting_period_start') }} as period_start,
    {{ date_setting('reporting_period_end') }} as period_end,
    listed.measure,
    listed.dhsc_measure,
    listed.description,
    listed.group,
    cast(listed.numerator as integer) as numerator,
    -- Empty for 2B and 2C of a council whose population is not in the population seed.
    cast(listed.denominator as integer) as denominator,
    case
        when listed.denominator = 0 then 0
        else round(cast(listed.numerator as double) / listed.denominator * listed.multiplier, 1)
    end as outcome,
    '{{ setting("method_version") }}' as method_version,
    case
        when taken_files.la_code is null
            then 'No figure of these 12 months: DHSC takes no file of this council for them'
        when listed.denominator is null
            then
                'No outcome: the population of this council in '
                || '{{ dhsc_number("dhsc_population_year") }}'
                || ' is not in seeds/reference/population.csv'
    end as note
from listed
left join taken_files
    on listed.la_code = taken_files.la_code
