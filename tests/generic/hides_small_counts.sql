{#- Fails with each measure whose shown figures give a hidden one back, and with each small count
    shown: the reader's own arithmetic, total less the parts that
    are shown, measure less the measure of some of its people. -#}
{% test hides_small_counts(model) %}
{%- set threshold = setting('share_threshold') %}
with

-- Those in the denominator alone are a count as the two are.
figures as (
    select
        *,
        denominator - numerator as others
    from {{ model }}
),

totals as (
    select * from figures
    where "group" = 'Total' and marker is null
),

shown_parts as (
    select
        figures.la_code,
        figures.period_start,
        figures.measure,
        sum(case when figures.marker is null then 0 else 1 end) as hidden_parts,
        sum(figures.numerator) as numerator,
        sum(figures.denominator) as denominator,
        sum(figures.others) as others
    from figures
    where figures."group" <> 'Total'
    group by figures.la_code, figures.period_start, figures.measure
)

select
    figures.la_code,
    figures.measure,
    figures."group"
from figures
where
    figures.numerator < {{ threshold }}
    or figures.denominator < {{ threshold }}
    or (
        {{ setting('share_rounding') }} = 1
        and figures.others between 1 and {{ threshold - 1 }}
    )
    or (figures.marker = 'c' and coalesce(figures.numerator, figures.denominator) is not null)
union all
select
    totals.la_code,
    totals.measure,
    totals."group"
from totals
inner join shown_parts
    on
        totals.la_code = shown_parts.la_code
        and totals.period_start = shown_parts.period_start
        and totals.measure = shown_parts.measure
where
    {{ setting('share_rounding') }} = 1
    and (
        shown_parts.hidden_parts = 1
        and (
            totals.numerator - coalesce(shown_parts.numerator, 0) < {{ threshold }}
            or totals.denominator - coalesce(shown_parts.denominator, 0) < {{ threshold }}
        )
        or shown_parts.hidden_parts = 0
        and (
            totals.numerator - shown_parts.numerator between 1 and {{ threshold - 1 }}
            or totals.denominator - shown_parts.denominator between 1 and {{ threshold - 1 }}
            or totals.others - shown_parts.others between 1 and {{ threshold - 1 }}
        )
    )
union all
select
    parts.la_code,
    parts.measure,
    parts."group"
from {{ ref('share_nested_measures') }} as nested
inner join figures as wholes on nested.whole_measure = wholes.measure
inner join figures as parts
    on
        nested.part_measure = parts.measure
        and wholes.la_code = parts.la_code
        and wholes.period_start = parts.period_start
        and wholes."group" = parts."group"
where
    {{ setting('share_rounding') }} = 1
    and (
        wholes.numerator - parts.numerator between 1 and {{ threshold - 1 }}
        or wholes.denominator - parts.denominator between 1 and {{ threshold - 1 }}
        or wholes.others - parts.others between 1 and {{ threshold - 1 }}
    )
{% endtest %}
