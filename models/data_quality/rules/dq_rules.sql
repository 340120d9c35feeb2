-- Every rule with its severity in force: the specification's, the list's confidence, the council's own.
with

rules as (
    select * from {{ ref('spec_rules') }}
),

guidance as (
    select * from {{ ref('spec_rule_guidance') }}
),

settings as (
    select * from {{ own_list('rule_settings') }}
),

fields as (
    select * from {{ ref('spec_fields') }}
),

-- A list is as sure as its least sure value, those that are accepted beside it among them.
lists as (
    select
        code_lists.field,
        count(case when code_lists.is_listed then 1 end) as value_count,
        min(
            case code_lists.list_confidence when 'high' then 3 when 'medium' then 2 else 1 end
        ) as confidence_rank,
        {{ joined_text(
            'case when code_lists.is_listed then code_lists.listed_value end', "'; '",
            'code_lists.list_order'
        ) }} as all_values
    from {{ ref('dq_listed_values') }} as code_lists
    group by code_lists.field
),

rules_with_lists as (
    select
        rules.rule_id,
        rules.level,
        rules.fields,
        fields.snake_name as field_name,
        rules.rule_text,
        rules.applies_when,
        rules.source,
        rules.notes,
        case
            -- Unless the guidance says where a supplied file breaks it: then the warning is our own.
            when rules.level = 'build rule' and guidance.scope_kind = 'not checked'
                then 'build rule'
            when rules.rule_id like 'LST-%' and lists.field is null then 'no list known'
            when coalesce(settings.is_on, 'yes') = 'no' then 'switched off'
            else 'checked'
        end as rule_state,
        coalesce(
            settings.severity,
            case
                when rules.severity in ('error', 'warning', 'info') then rules.severity
                when lists.confidence_rank = 3 then 'error'
                when lists.field is not null then 'warning'
                else 'info'
            end
        ) as severity,
        case
            when rules.rule_id like 'LST-%'
                then case lists.confidence_rank
                        when 3 then 'high' when 2 then 'medium' else 'low'
                    end
            else rules.confidence
        end as confidence,
        case
            when lists.field is null then null
            when lists.value_count <= 5 then 'Allowed: ' || lists.all_values || '.'
            else 'Allowed: one of the ' || lists.value_count || ' listed values, letter for letter.'
        end as allowed,
        lists.all_values as allowed_values,
        settings.severity is not null as has_own_severity,
        coalesce(cast(settings.threshold_share as decimal(9, 6)), 0) as threshold_share
    from rules
    inner join guidance on rules.rule_id = guidance.rule_id
    left join settings on rules.rule_id = settings.rule_id
    left join fields on rules.fields = fields.header
    left join lists on rules.fields = lists.field
)

select
    rules_with_lists.rule_id,
    rules_with_lists.level,
    rules_with_lists.fields,
    rules_with_lists.field_name,
    rules_with_lists.rule_text,
    rules_with_lists.applies_when,
    rules_with_lists.source,
    rules_with_lists.notes,
    rules_with_lists.rule_state,
    rules_with_lists.severity,
    rules_with_lists.confidence,
    rules_with_lists.allowed,
    rules_with_lists.allowed_values,
    rules_with_lists.has_own_severity,
    rules_with_lists.threshold_share,
    guidance.message
    || case
        when rules_with_lists.rule_id like 'LST-%' and rules_with_lists.confidence <> 'high'
            then
                ' (The published list was not available: our confidence in this list is '
                || rules_with_lists.confidence || '.)'
        when rules_with_lists.source like '%derived%'
            then
                ' (We infer this rule, it is not published: our confidence in it is '
                || rules_with_lists.confidence || '.)'
        when rules_with_lists.confidence in ('medium', 'low')
            then ' (Our confidence in this rule is ' || rules_with_lists.confidence || '.)'
        else ''
    end as message,
    guidance.why_it_matters,
    guidance.how_to_fix,
    guidance.measures_affected,
    guidance.at_the_centre,
    guidance.record_kind,
    guidance.scope_kind,
    guidance.scope_client_types,
    guidance.scope_event_types
from rules_with_lists
inner join guidance on rules_with_lists.rule_id = guidance.rule_id
