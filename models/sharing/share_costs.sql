-- What a week of a service costs on average, by age group: for those who may not have what one person's costs.
{%- set threshold = [setting('share_threshold'), setting('share_k')] | max %}
{%- set people_to = 5.0 %}
{%- set pounds_to = 10 %}
with

costs as (
    select * from {{ ref('dhsc_costs') }}
),

gate as (
    select * from {{ ref('dq_gate') }}
),

people_costs as (
    select
        costs.la_code,
        -- A blank one is a finding (MAN-25), and no reason to share nothing of the others.
        coalesce(costs.service_type, 'Not recorded') as service_type,
        costs.der_working_age_band as working_age_band,
        costs.der_nhs_la_combined_person_id,
        sum(costs.cost_per_week) as cost_per_week
    from costs
    -- What is of no council is shared with nobody.
    where costs.cost_per_week is not null and costs.la_code is not null
    group by
        costs.la_code,
        coalesce(costs.service_type, 'Not recorded'),
        costs.der_working_age_band,
        costs.der_nhs_la_combined_person_id
),

summed as (
    select
        people_costs.la_code,
        people_costs.service_type,
        people_costs.working_age_band,
        count(*) as people,
        sum(people_costs.cost_per_week) as cost_per_week,
        max(people_costs.cost_per_week) as highest_cost_per_week
    from people_costs
    group by people_costs.la_code, people_costs.service_type, people_costs.working_age_band
),

marked as (
    select
        summed.*,
        summed.cost_per_week / summed.people as average,
        -- Few people, or one whose package is most of the sum: it could be worked out.
        summed.people < {{ threshold }}
        or summed.highest_cost_per_week * 2 > summed.cost_per_week as is_suppressed
    from summed
)

select
    marked.la_code,
    marked.service_type,
    marked.working_age_band,
    case
        when not marked.is_suppressed
            then cast(round(marked.people / {{ people_to }}) * {{ people_to }} as bigint)
    end as people,
    case
        when not marked.is_suppressed
            then cast(round(marked.average / {{ pounds_to }}) * {{ pounds_to }} as bigint)
    end as average_cost_per_week,
    case when marked.is_suppressed then 'c' end as marker
from marked
-- Nothing is shared of a return that the checks hold back; of files made elsewhere none was built, and
-- asc-cld share hands nothing out.
where not exists (select 1 from gate where not gate.is_good)
