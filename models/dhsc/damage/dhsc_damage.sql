-- The damage report: per measure and cause how many rows and people are lost or made unknown, with the
-- field to put right and the rules of the fix list that find it. One row per council, measure, cause
-- and effect.
with

damage_rows as (

    select * from {{ ref('dhsc_damage_rows') }}

),

causes as (

    select * from {{ ref('dhsc_damage_causes') }}

)

select
    damage_rows.la_code,
    damage_rows.measure,
    damage_rows.cause,
    causes.description,
    damage_rows.effect,
    causes.field_to_fix,
    causes.rule_ids,
    cast(count(damage_rows.row_id) as integer) as row_count,
    cast(count(distinct damage_rows.der_nhs_la_combined_person_id) as integer) as people
from damage_rows
inner join causes
    on damage_rows.cause = causes.cause
group by
    damage_rows.la_code,
    damage_rows.measure,
    damage_rows.cause,
    causes.description,
    damage_rows.effect,
    causes.field_to_fix,
    causes.rule_ids
