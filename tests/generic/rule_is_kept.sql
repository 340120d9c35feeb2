{#- One rule of the catalogue, read from dq_breaches. Fails where breaches of severity error are beyond
    the threshold and no draft is forced, warns at any other breach. It reads the return built here;
    where none is built (include_built false), the supplied files, and then only warns. The result
    holds keys, never what stands in the record. -#}
{% test rule_is_kept(model, rule_id) %}
{{ config(
    fail_calc="count(*)",
    warn_if="> 0",
    error_if="> 0 and coalesce(bool_or(is_beyond_threshold), false)",
) }}
select
    breaches.submission_id,
    breaches.row_id,
    breaches.field,
    breaches.source_table,
    breaches.source_record_id,
    coalesce(summary.is_beyond_threshold and not gate.is_forced, false) as is_beyond_threshold
from {{ model }} as breaches
inner join {{ ref('dq_summary') }} as summary
    on breaches.submission_id = summary.submission_id and breaches.rule_id = summary.rule_id
left join {{ ref('dq_gate') }} as gate on breaches.submission_id = gate.submission_id
where
    breaches.rule_id = '{{ rule_id }}'
    and not breaches.accepted
    and breaches.origin
    = '{{ "built" if setting("include_built") else "supplied" }}'
{% endtest %}
