-- Measures as they may be published: small counts out, and no total that gives them back.
{%- set threshold = setting('share_threshold') %}
with

ascof_measures as (
    select * from {{ ref('ascof_measures') }}
),

waiting_times as (
    select * from {{ ref('waiting_times') }}
),

nested_measures as (
    select * from {{ ref('share_nested_measures') }}
),

gate as (
    select * from {{ ref('dq_gate') }}
),

counts as (
    select
        ascof_measures.la_code,
        ascof_measures.period_start,
        ascof_measures.period_end,
        ascof_measures.measure,
        ascof_measures."group",
        cast(ascof_measures.numerator as bigint) as numerator,
        cast(ascof_measures.denominator as bigint) as denominator,
        cast(ascof_measures.denominator - ascof_measures.numerator as bigint) as others,
        cast(ascof_measures.outcome as double) as outcome,
        coalesce(ascof_measures.numerator < {{ threshold }}, false)
        or coalesce(ascof_measures.denominator < {{ threshold }}, false)
        -- 99 of 100 tells of the one who is not.
        or coalesce(
            ascof_measures.denominator - ascof_measures.numerator between 1 and {{ threshold - 1 }},
            false
        ) as is_small
    from ascof_measures
    union all
    select
        waiting_times.la_code,
        waiting_times.statistical_reporting_period_start as period_start,
        waiting_times.statistical_reporting_period_end as period_end,
        waiting_times.metric as measure,
        waiting_times.modified_working_age_band as "group",
        cast(null as bigint) as numerator,
        cast(waiting_times.number_of_waiting_times_identified as bigint) as denominator,
        cast(null as bigint) as others,
        cast(waiting_times.median_waiting_time as double) as outcome,
        coalesce(waiting_times.number_of_waiting_times_identified < {{ threshold }}, false)
            as is_small
    from waiting_times
),

-- Where a few people are in a measure but not in the part of it that another measure counts, the two
-- shown together would tell how many: the part goes. Few of its numerator, its denominator, or of those in the
-- denominator alone: a count that is shown less another is a count.
parts_of_others as (
    select distinct
        parts.la_code,
        parts.period_start,
        parts.measure,
        parts."group"
    from nested_measures
    inner join counts as wholes on nested_measures.whole_measure = wholes.measure
    inner join counts as parts
        on
            nested_measures.part_measure = parts.measure
            and wholes.la_code = parts.la_code
            and wholes.period_start = parts.period_start
            and wholes."group" = parts."group"
    where
        wholes.numerator - parts.numerator between 1 and {{ threshold - 1 }}
        or wholes.denominator - parts.denominator between 1 and {{ threshold - 1 }}
        or wholes.others - parts.others between 1 and {{ threshold - 1 }}
),

measures as (
    select
        counts.la_code,
        counts.period_start,
        counts.period_end,
        counts.measure,
        counts."group",
        counts.numerator,
        counts.denominator,
        counts.others,
        counts.outcome,
        counts.is_small or parts_of_others.measure is not null as is_small
    from counts
    left join parts_of_others
        on
            counts.la_code = parts_of_others.la_code
            and counts.period_start = parts_of_others.period_start
            and counts.measure = parts_of_others.measure
            and counts."group" = parts_of_others."group"
),

-- What is left of a total that is shown when all that is shown of its parts is taken from it.
beside_others as (
    select
        measures.*,
        max(case when measures."group" = 'Total' and not measures.is_small then 1 else 0 end) over of_measure
            as is_total_shown,
        sum(case when measures."group" <> 'Total' and measures.is_small then 1 else 0 end) over of_measure
            as small_parts,
        sum(case when measures."group" = 'Total' then 1 else -1 end * measures.numerator) over of_measure
            as numerator_in_no_part,
        sum(case when measures."group" = 'Total' then 1 else -1 end * measures.denominator) over of_measure
            as denominator_in_no_part,
        sum(case when measures."group" = 'Total' then 1 else -1 end * measures.others) over of_measure
            as others_in_no_part,
        row_number() over (
            partition by
                measures.la_code, measures.period_start, measures.measure,
                measures."group" = 'Total', measures.is_small
            order by measures.numerator asc, measures.denominator asc, measures."group" asc
        ) as smallest_first
    from measures
    window of_measure as (partition by measures.la_code, measures.period_start, measures.measure)
),

-- One hidden part, or a few people in no part (sex not known), would be the total less the rest: the smallest part
-- that is shown goes too. DHSC gives at most two parts a measure, so that is enough. Which of the two reasons
-- applies is not told: it would say which count is small.
marked as (
    select
        beside_others.*,
        beside_others.is_small
        or (
            beside_others."group" <> 'Total'
            and beside_others.smallest_first = 1
            and beside_others.is_total_shown = 1
            and (
                beside_others.small_parts = 1
                or (
                    beside_others.small_parts = 0
                    and (
                        coalesce(beside_others.numerator_in_no_part between 1 and {{ threshold - 1 }}, false)
                        or coalesce(beside_others.denominator_in_no_part between 1 and {{ threshold - 1 }}, false)
                        or coalesce(beside_others.others_in_no_part between 1 and {{ threshold - 1 }}, false)
                    )
                )
            )
        ) as is_suppressed
    from beside_others
)

select
    marked.la_code,
    marked.period_start,
    marked.period_end,
    marked.measure,
    marked."group",
    case when not marked.is_suppressed then {{ rounded_count('marked.numerator') }} end
        as numerator,
    case when not marked.is_suppressed then {{ rounded_count('marked.denominator') }} end
        as denominator,
    -- From the counts as they are; a decimal beside rounded counts would give them back.
    case
        when not marked.is_suppressed
            then {{ 'round(marked.outcome)' if setting('share_rounding') > 1 else 'marked.outcome' }}
    end as outcome,
    case when marked.is_suppressed then 'c' end as marker
from marked
-- Nothing is shared of a return that the checks hold back; of files made elsewhere none was built, and
-- asc-cld share hands nothing out.
where not exists (select 1 from gate where not gate.is_good)
