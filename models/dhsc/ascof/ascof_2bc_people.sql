-- People with a new admission to long term residential or nursing care in the period (2B, 2C), one
-- row per council and person. A person admitted in both age bands counts once, as 18 to 64.
{%- set by_la_id = setting('method_version') != 'jun2026'
    and setting('dhsc_count_by_la_id') %}
with

admissions as (

    select * from {{ ref('ascof_2bc_admissions') }}

),

councils as (

    select * from {{ ref('dhsc_councils') }}

)

select
    admissions.la_code,
    councils.la_name,
    admissions.der_nhs_la_combined_person_id,
    {%- if by_la_id %}
    -- DHSC's code of September 2026 counts a person once for each identifier of the council.
    admissions.la_person_unique_identifier,
    {%- else %}
    min(admissions.la_person_unique_identifier) as la_person_unique_identifier,
    {%- endif %}
    case
        when min(admissions.age_at_admission) < 65 then {{ dhsc_value('working_age') }}
        else {{ dhsc_value('older_age') }}
    end
        as age_band,
    min(admissions.event_start_date) as first_admission_date
from admissions
inner join councils
    on admissions.la_code = councils.la_code
where admissions.is_new and admissions.age_at_admission >= 18
group by
    admissions.la_code,
    councils.la_name,
    admissions.der_nhs_la_combined_person_id
{%- if by_la_id %},
    admissions.la_person_unique_identifier
    {%- endif %}
