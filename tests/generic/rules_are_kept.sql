{#- The rules of one subject (their ids begin with `subject`), read from dq_breaches: one row for each
    rule and field that is broken. Fails where breaches of severity error are beyond a rule's threshold
    and no draft is forced, warns at any other breach. It reads the return built here; where none is
    built (include_built false), the supplied files, and then only warns. The result holds names of
    rules and fields, never what stands in a record. The run's ending names every rule (say_rules). The
    words of warn_if and error_if become conditions in the macro test_with_words. -#}
{% test rules_are_kept(model, subject) %}
{{ config(
    fail_calc="count(*)",
    warn_if="a rule is broken",
    error_if="a rule is broken beyond its threshold",
) }}
select
    breaches.submission_id,
    breaches.rule_id,
    breaches.field,
    count(*) as breach_count,
    bool_or(
        coalesce(summary.is_beyond_threshold and not gate.is_forced, false)
    ) as is_beyond_threshold
from {{ model }} as breaches
inner join {{ ref('dq_summary') }} as summary
    on breaches.submission_id = summary.submission_id and breaches.rule_id = summary.rule_id
left join {{ ref('dq_gate') }} as gate on breaches.submission_id = gate.submission_id
where
    breaches.rule_id like '{{ subject }}-%'
    and not breaches.accepted
    and breaches.origin = '{{ origin_checked() }}'
group by breaches.submission_id, breaches.rule_id, breaches.field
{% endtest %}
