{#- The lines of a JUnit file: a test case for each rule, and an error for each test that did not run. -#}
{% macro junit_lines(rules, untested) -%}
    {%- set lines = ['<?xml version="1.0" encoding="UTF-8"?>'] -%}
    {%- set results = rules | map(attribute='rule_result') | list -%}
    {%- do lines.append(
        '<testsuite name="rules" tests="' ~ (results | length + untested | length)
        ~ '" failures="' ~ (results | select('equalto', 'FAIL') | list | length)
        ~ '" errors="' ~ (untested | length)
        ~ '" skipped="' ~ (results | select('equalto', 'OFF') | list | length) ~ '">'
    ) -%}
    {%- for rule in rules -%}
        {%- set found = (
            rule.rule_count ~ ' of ' ~ rule.rows_in_scope ~ ' rows break it. Must hold: ' ~ rule.rule_text
        ) | e -%}
        {%- set said = {
            'FAIL': '<failure message="' ~ found ~ '"/>',
            'WARN': '<system-out>warning: ' ~ found ~ '</system-out>',
            'OFF': '<skipped message="' ~ (rule.rule_state | e) ~ '"/>',
            'PASS': '',
        } -%}
        {%- do lines.append(
            '  <testcase classname="' ~ rule.rule_id.split('-')[0] ~ '" name="' ~ rule.check_name ~ '">'
            ~ said[rule.rule_result] ~ '</testcase>'
        ) -%}
    {%- endfor -%}
    {%- for test in untested -%}
        {%- do lines.append(
            '  <testcase classname="' ~ test.test_metadata.kwargs.subject ~ '" name="' ~ test.name
            ~ '"><error message="not run: what it reads was not built"/></testcase>'
        ) -%}
    {%- endfor -%}
    {%- do lines.append('</testsuite>') -%}
    {{ return(lines) }}
{%- endmacro %}
