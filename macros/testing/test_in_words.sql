{#- What decides whether a test of rules warns or fails, by the words that dbt then says ("configured to fail if
    a rule is broken beyond its threshold"): an SQL condition in its place would help nobody. -#}
{% macro duckdb__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ return(asc_cld.test_with_words(main_sql, fail_calc, warn_if, error_if, limit)) }}
{%- endmacro %}

{% macro spark__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ return(asc_cld.test_with_words(main_sql, fail_calc, warn_if, error_if, limit)) }}
{%- endmacro %}

{% macro test_with_words(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {%- set conditions = {
        'a rule is broken': '> 0',
        'a rule is broken beyond its threshold': '> 0 and coalesce(bool_or(is_beyond_threshold), false)',
    } -%}
    {{ return(dbt.default__get_test_sql(
        main_sql, fail_calc, conditions.get(warn_if, warn_if), conditions.get(error_if, error_if), limit
    )) }}
{%- endmacro %}
