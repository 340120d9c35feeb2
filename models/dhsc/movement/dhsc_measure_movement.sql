-- Movement of each headline figure between the two latest submissions of a council, each computed as
-- DHSC would for that submission's own 12 months. One row per council, measure and group; the earlier
-- figures are empty, and the verdict says why, where there is nothing to compare with.
with

verdicts as (

    select * from {{ ref('dhsc_movement_verdicts') }}

),

measures as (

    select * from {{ ref('dhsc_headline_measures') }}

),

earlier_measures as (

    select * from {{ ref('dhsc_earlier_measures') }}

)

select
    verdicts.la_code,
    measures.measure,
    measures.group,
    verdicts.period_start,
    verdicts.period_end,
    verdicts.previous_period_start,
    verdicts.previous_period_end,
    earlier_measures.numerator as previous_numerator,
    measures.numerator,
    measures.numerator - earlier_measures.numerator as numerator_change,
    earlier_measures.denominator as previous_denominator,
    measures.denominator,
    measures.denominator - earlier_measures.denominator as denominator_change,
    earlier_measures.outcome as previous_outcome,
    measures.outcome,
    cast(round(measures.outcome - earlier_measures.outcome, 1) as double) as outcome_change,
    verdicts.submission_id,
    verdicts.previous_submission_id,
    verdicts.is_compared,
    verdicts.verdict
from verdicts
inner join measures
    on verdicts.la_code = measures.la_code
left join earlier_measures
    on
        measures.la_code = earlier_measures.la_code
        and measures.measure = earlier_measures.measure
        and measures.group = earlier_measures.group
        and verdicts.previous_submission_id = earlier_measures.for_submission_id
        and verdicts.is_compared
