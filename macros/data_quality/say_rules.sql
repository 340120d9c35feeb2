{#- The checklist of the rules at the end of a run that tested them: every rule by its stable name, and
    the same as target/rules.junit.xml for CI (decision 11). Runs as on-run-end. A subject whose test did not
    run is an error in the file, so that an old result never stands for a new one. -#}
{% macro say_rules(results) -%}
    {%- if execute -%}
        {%- set tested = [] -%}
        {%- set untested = [] -%}
        {%- for result in results
                if result.node.resource_type == 'test'
                and (result.node.test_metadata or {}).name == 'rules_are_kept' -%}
            {%- do (tested if result.status in ('pass', 'warn', 'fail') else untested).append(
                result.node
            ) -%}
        {%- endfor -%}
        {%- set rules = [] -%}
        {%- if tested -%}
            {%- set rules = run_query(rule_states(
                tested | map(attribute='test_metadata.kwargs.subject') | list
            )) -%}
        {%- endif -%}
        {%- for rule in rules -%}
            {%- do log(
                rule.rule_result ~ ' ' ~ rule.rule_count ~ ' ' ~ rule.check_name
                ~ (
                    ' (must hold: ' ~ rule.rule_text ~ ')'
                    if rule.rule_result in ('WARN', 'FAIL') else ''
                ),
                info=true
            ) -%}
        {%- endfor -%}
        {#- What was not understood in the extracts, in words. -#}
        {%- if tested | selectattr('test_metadata.kwargs.subject', 'equalto', 'EXT') | list -%}
            {%- for breach in run_query(
                "select distinct message from " ~ graph.nodes['model.asc_cld.dq_breaches'].relation_name
                ~ " where rule_id = 'EXT-01' and not accepted order by message"
            ) -%}
                {%- do log(breach.message, info=true) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- if tested or untested -%}
            {%- do write_lines(junit_lines(rules, untested), 'rules.junit.xml') -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
