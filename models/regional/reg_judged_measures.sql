-- Every figure of councils, regions and all given, and whether it is hidden for what it says itself: small counts, and
-- the parts that go with them. What other figures would give back is asked in reg_measure_verdicts.
{%- set threshold = setting('share_threshold') %}
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
        wholes.denominator - parts.denominator as denominator_between,
        wholes.denominator - wholes.numerator - (parts.denominator - parts.numerator) as others_between
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
        between_measures.others_between,
        case when measures.group = 'Total' then 'total' else 'parts' end as cell_kind,
        case
            when
                measures.numerator < {{ threshold }}
                or measures.denominator < {{ threshold }}
                -- 99 of 100 tells of the one who is not.
                or measures.denominator - measures.numerator between 1 and {{ threshold - 1 }}
                or between_measures.numerator_between between 1 and {{ threshold - 1 }}
                or between_measures.denominator_between between 1 and {{ threshold - 1 }}
                or between_measures.others_between between 1 and {{ threshold - 1 }}
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
            as denominator_in_no_part,
        sum(case when cells.cell_kind = 'total' then cells.others end)
        - sum(case when cells.cell_kind = 'parts' then cells.others end) as others_in_no_part
    from cells
    group by cells.area_type, cells.area_code, cells.measure

)

-- All parts of a measure go together, and with the total: one of them alone would be the total less the rest.
select
    cells.area_type,
    cells.area_code,
    cells.measure,
    cells.group,
    cells.cell_kind,
    councils.region,
    cells.numerator,
    cells.denominator,
    cells.others,
    cells.numerator_between,
    cells.denominator_between,
    cells.others_between,
    case
        when sums.total_is_small = 1 then 1
        when cells.cell_kind = 'total' then 0
        when
            sums.a_part_is_small = 1
            or sums.numerator_in_no_part between 1 and {{ threshold - 1 }}
            or sums.denominator_in_no_part between 1 and {{ threshold - 1 }}
            or sums.others_in_no_part between 1 and {{ threshold - 1 }}
            then 1
        else 0
    end as is_hidden_itself
from cells
inner join sums
    on
        cells.area_type = sums.area_type
        and cells.area_code = sums.area_code
        and cells.measure = sums.measure
left join councils on cells.area_type = 'council' and cells.area_code = councils.la_code
