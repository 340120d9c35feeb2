-- Which figures of councils, regions and all given are hidden from other councils: small counts, and any total that
-- gives them back, even to a council that knows its own figures. One row per area, measure and kind of cell, since the
-- parts of a measure are hidden together.
{%- set threshold = setting('share_threshold') %}
{#- Hidden councils behind a total that is shown: a council that takes its own away still sees two or more. -#}
{%- set least_hidden = 3 %}
{%- set differences = ['others', 'numerator_between', 'denominator_between', 'others_between'] %}
with

judged as (

    select * from {{ ref('reg_judged_measures') }}

),

hidden_councils as (

    select * from judged
    where area_type = 'council' and is_hidden_itself = 1

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
        max(greatest(judged.is_hidden_itself, coalesce(behind_regions.gives_back, 0))) as is_hidden
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
        max(greatest(judged.is_hidden_itself, coalesce(behind_all.gives_back, 0))) as is_hidden
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
        max(judged.is_hidden_itself) as is_hidden
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
