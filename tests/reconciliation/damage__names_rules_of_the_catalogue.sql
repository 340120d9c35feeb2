-- Every rule that the damage report points to is in the catalogue.
with

causes as (

    select
        dhsc_damage_causes.cause,
        {{ split_codes('dhsc_damage_causes.rule_ids') }} as rule_id
    from {{ ref('dhsc_damage_causes') }} as dhsc_damage_causes

)

select
    causes.cause,
    causes.rule_id
from causes
left join {{ ref('spec_rules') }} as rules
    on causes.rule_id = rules.rule_id
where rules.rule_id is null
