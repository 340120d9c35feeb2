-- Which figures of councils, regions and all given are hidden from other councils: small counts, and any total that
-- gives them back, even to a council that knows its own figures. One row per area, measure and kind of cell, since the
-- parts of a measure are hidden together.
{%- set threshold = setting('share_threshold') %}
{#- Hidden councils behind a total that is shown: a council that takes its own away still sees two or more. -#}
{%- set least_hidden = 3 %}
{%- set differences = ['others', 'numerator_between', 'denominator_between'] %}
with

measures as (

    select * from {{ ref('reg_measures') }}
    where councils_counted > 0

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

nested_measures as (

    select * from {{ ref('share_nested_measures') }}

),

-- People of the whole measure who are not in the one nested in it: few of them are as small as a small count. A
-- measure is nested in one other at most.
between_measures as (

    select
        parts.area_type,
        parts.area_code,
        parts.measure,
        parts.group,
        wholes.numerator - parts.numerator as numerator_between,
        wholes.denominator - parts.denominator as denominator_between
    from nested_measures
    inner join measures as wholes on nested_measures.whole_measure = wholes.measure
    inner join measures as parts
        on
            nested_measures.part_measure = parts.measure
            and wholes.area_type = parts.area_type
            and wholes.area_code = parts.area_code
            and wholes.group = parts.group

),

cells as (

    select
        measures.*,
        measures.denominator - measures.numerator as others,
        between_measures.numerator_between,
        between_measures.denominator_between,
        case when measures.group = 'Total' then 'total' else 'parts' end as cell_kind,
        case
            when
                measures.numerator < {{ threshold }}
                or measures.denominator < {{ threshold }}
                -- 99 of 100 tells of the one who is not.
                or measures.denominator - measures.numerator between 1 and {{ threshold - 1 }}
                or between_measures.numerator_between between 1 and {{ threshold - 1 }}
                or between_measures.denominator_between between 1 and {{ threshold - 1 }}
                then 1
            else 0
        end as is_small
    from measures
    left join between_measures
        on
            measures.area_type = between_measures.area_type
            and measures.area_code = between_measures.area_code
            and measures.measure = between_measures.measure
            and measures.group = between_measures.group

),

sums as (

    select
        cells.area_type,
        cells.area_code,
        cells.measure,
        max(case when cells.cell_kind = 'total' then cells.is_small else 0 end) as total_is_small,
        max(case when cells.cell_kind = 'parts' then cells.is_small else 0 end) as a_part_is_small,
        sum(case when cells.cell_kind = 'total' then cells.numerator end)
        - sum(case when cells.cell_kind = 'parts' then cells.numerator end) as numerator_in_no_part,
        sum(case when cells.cell_kind = 'total' then cells.denominator end)
        - sum(case when cells.cell_kind = 'parts' then cells.denominator end)
            as denominator_in_no_part
    from cells
    group by cells.area_type, cells.area_code, cells.measure

),

-- All parts of a measure go together, and with the total: one of them alone would be the total less the rest.
judged as (

    select
        cells.*,
        councils.region,
        case
            when sums.total_is_small = 1 then 1
            when cells.cell_kind = 'total' then 0
            when
                sums.a_part_is_small = 1
                or sums.numerator_in_no_part between 1 and {{ threshold - 1 }}
                or sums.denominator_in_no_part between 1 and {{ threshold - 1 }}
                then 1
            else 0
        end as is_hidden
    from cells
    inner join sums
        on
            cells.area_type = sums.area_type
            and cells.area_code = sums.area_code
            and cells.measure = sums.measure
    left join councils on cells.area_type = 'council' and cells.area_code = councils.la_code

),

hidden_councils as (

    select * from judged
    where area_type = 'council' and is_hidden = 1

),

-- What is left when all that is shown is taken from the total of a region: the hidden councils together.
behind_regions as (

    select
        hidden_councils.region as area_code,
        hidden_councils.measure,
        hidden_councils.group,
        hidden_councils.cell_kind,
        {{ gives_back('hidden_councils', threshold, least_hidden, differences) }} as gives_back
    from hidden_councils
    group by
        hidden_councils.region,
        hidden_councils.measure,
        hidden_councils.group,
        hidden_councils.cell_kind

),

region_verdicts as (

    select
        judged.area_code,
        judged.measure,
        judged.cell_kind,
        max(greatest(judged.is_hidden, coalesce(behind_regions.gives_back, 0))) as is_hidden
    from judged
    left join behind_regions
        on
            judged.area_code = behind_regions.area_code
            and judged.measure = behind_regions.measure
            and judged.group = behind_regions.group
    where judged.area_type = 'region'
    group by judged.area_code, judged.measure, judged.cell_kind

),

-- And from the total of all: the hidden councils of those regions whose total is hidden too. Without its total a
-- region shows no parts either.
hidden_regions as (

    select
        region_verdicts.area_code,
        region_verdicts.measure,
        region_verdicts.cell_kind,
        max(greatest(region_verdicts.is_hidden, coalesce(totals.is_hidden, 0))) as is_hidden
    from region_verdicts
    left join region_verdicts as totals
        on
            region_verdicts.area_code = totals.area_code
            and region_verdicts.measure = totals.measure
            and totals.cell_kind = 'total'
    group by region_verdicts.area_code, region_verdicts.measure, region_verdicts.cell_kind

),

behind_all as (

    select
        hidden_councils.measure,
        hidden_councils.group,
        {{ gives_back('hidden_councils', threshold, least_hidden, differences) }} as gives_back
    from hidden_councils
    inner join hidden_regions
        on
            hidden_councils.region = hidden_regions.area_code
            and hidden_councils.measure = hidden_regions.measure
            and hidden_councils.cell_kind = hidden_regions.cell_kind
    where hidden_regions.is_hidden = 1
    group by hidden_councils.measure, hidden_councils.group

),

all_verdicts as (

    select
        judged.area_code,
        judged.measure,
        judged.cell_kind,
        max(greatest(judged.is_hidden, coalesce(behind_all.gives_back, 0))) as is_hidden
    from judged
    left join behind_all
        on judged.measure = behind_all.measure and judged.group = behind_all.group
    where judged.area_type = 'all given'
    group by judged.area_code, judged.measure, judged.cell_kind

),

verdicts as (

    select
        judged.area_type,
        judged.area_code,
        judged.measure,
        judged.cell_kind,
        max(judged.is_hidden) as is_hidden
    from judged
    where judged.area_type = 'council'
    group by judged.area_type, judged.area_code, judged.measure, judged.cell_kind
    union all
    select
        'region' as area_type,
        hidden_regions.area_code,
        hidden_regions.measure,
        hidden_regions.cell_kind,
        hidden_regions.is_hidden
    from hidden_regions
    union all
    select
        'all given' as area_type,
        all_verdicts.area_code,
        all_verdicts.measure,
        all_verdicts.cell_kind,
        greatest(all_verdicts.is_hidden, coalesce(totals.is_hidden, 0)) as is_hidden
    from all_verdicts
    left join all_verdicts as totals
        on all_verdicts.measure = totals.measure and totals.cell_kind = 'total'

)

select
    verdicts.area_type,
    verdicts.area_code,
    verdicts.measure,
    verdicts.cell_kind,
    verdicts.is_hidden = 1 as is_hidden
from verdicts
