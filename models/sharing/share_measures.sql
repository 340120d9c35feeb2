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
        cast(waiting_times.median_waiting_time as double) as outcome,
        coalesce(waiting_times.number_of_waiting_times_identified < {{ threshold }}, false)
            as is_small
    from waiting_times
),

-- Where a few people are in a measure but not in the part of it that another measure counts, the two
-- shown together would tell how many: the part goes.
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

-- The parts of a total: what can be worked out when all that is shown is taken from the total.
parts as (
    select
        measures.la_code,
        measures.period_start,
        measures.measure,
        sum(case when measures.is_small then 1 else 0 end) as small_parts,
        sum(measures.numerator) as numerator,
        sum(measures.denominator) as denominator
    from measures
    where measures."group" <> 'Total'
    group by measures.la_code, measures.period_start, measures.measure
),

-- One hidden part, or a few people in no part (sex not known), would be the total less the rest. DHSC
-- gives at most two parts a measure, so hiding the other one is enough.
given_away as (
    select
        totals.la_code,
        totals.period_start,
        totals.measure
    from measures as totals
    inner join parts
        on
            totals.la_code = parts.la_code
            and totals.period_start = parts.period_start
            and totals.measure = parts.measure
    where
        totals."group" = 'Total'
        and not totals.is_small
        and (
            parts.small_parts = 1
            or (
                parts.small_parts = 0
                and (
                    totals.numerator - parts.numerator between 1 and {{ threshold - 1 }}
                    or totals.denominator - parts.denominator between 1 and {{ threshold - 1 }}
                )
            )
        )
),

smallest_shown as (
    select
        measures.la_code,
        measures.period_start,
        measures.measure,
        measures."group",
        row_number() over (
            partition by measures.la_code, measures.period_start, measures.measure
            order by measures.numerator asc, measures.denominator asc, measures."group" asc
        ) as smallest_first
    from measures
    inner join given_away
        on
            measures.la_code = given_away.la_code
            and measures.period_start = given_away.period_start
            and measures.measure = given_away.measure
    where measures."group" <> 'Total' and not measures.is_small
),

marked as (
    select
        measures.*,
        -- Which of the two reasons applies is not told: it would say which count is small.
        measures.is_small or smallest_shown."group" is not null as is_suppressed
    from measures
    left join smallest_shown
        on
            measures.la_code = smallest_shown.la_code
            and measures.period_start = smallest_shown.period_start
            and measures.measure = smallest_shown.measure
            and measures."group" = smallest_shown."group"
            and smallest_shown.smallest_first = 1
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
