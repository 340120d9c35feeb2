{#- One row for each rule of the given subjects: its stable name and PASS, WARN, FAIL or, where it is not
    checked, OFF; with the rows that break it in the files the tests speak of. Broken rules come last.
    It is asked when a run ends, where a ref() would tie every command, dbt seed included, to the models. -#}
{% macro rule_states(subjects) -%}
with

summary as (
    select * from {{ graph.nodes['model.asc_cld.dq_summary'].relation_name }}
),

rules as (
    select * from {{ graph.nodes['model.asc_cld.dq_rules'].relation_name }}
),

gate as (
    select * from {{ graph.nodes['model.asc_cld.dq_gate'].relation_name }}
),

counted_rules as (
    select
        rules.rule_id,
        rules.rule_state,
        rules.rule_text,
        {{ check_name('rules') }} as check_name,
        coalesce(sum(summary.breach_count - summary.accepted_count), 0) as rule_count,
        coalesce(sum(summary.rows_in_scope), 0) as rows_in_scope,
        -- Only the return built here has a gate: on supplied files a rule warns.
        coalesce(bool_or(summary.is_beyond_threshold and not gate.is_forced), false) as is_failed
    from rules
    left join summary
        on rules.rule_id = summary.rule_id and summary.origin = '{{ origin_checked() }}'
    left join gate on summary.submission_id = gate.submission_id
    where
        rules.rule_state <> 'build rule'
        and split_part(rules.rule_id, '-', 1) in (
            {%- for subject in subjects %}'{{ subject }}'{{ ', ' if not loop.last }}{% endfor -%}
        )
    group by rules.rule_id, rules.rule_state, rules.rule_text, rules.field_name
),

judged_rules as (
    select
        counted_rules.*,
        case
            when counted_rules.rule_state <> 'checked' then 'OFF'
            when counted_rules.rule_count = 0 then 'PASS'
            when counted_rules.is_failed then 'FAIL'
            else 'WARN'
        end as rule_result
    from counted_rules
)

select
    judged_rules.rule_id,
    judged_rules.rule_state,
    judged_rules.rule_text,
    judged_rules.check_name,
    judged_rules.rule_count,
    judged_rules.rows_in_scope,
    judged_rules.rule_result
from judged_rules
order by
    case judged_rules.rule_result when 'FAIL' then 2 when 'WARN' then 1 else 0 end,
    judged_rules.rule_id
{%- endmacro %}
