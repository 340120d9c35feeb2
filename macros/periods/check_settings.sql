{#- Stops a run before any model is built when a setting cannot lead to a valid return. Runs as
    on-run-start, so that `dbt build`, `dbt run` and `dbt test` all say the same. Every problem found
    is named at once. -#}
{% macro check_settings() %}
    {%- if execute -%}
        {%- set problems = unknown_settings() -%}
        {%- set days = {} -%}
        {%- for name in var('defaults') -%}
            {%- set given = given_setting(name) -%}
            {%- set problem = setting_problem(name, given) -%}
            {%- if problem -%}
                {%- do problems.append(problem) -%}
            {%- elif var('setting_types').get(name, {}).get('is') == 'day' -%}
                {%- do days.update({name: as_day(given)}) -%}
            {%- endif -%}
        {%- endfor -%}

        {%- set end = days.get('reporting_period_end') -%}
        {%- if end -%}
            {%- if (end.month, end.day) not in [(3, 31), (6, 30), (9, 30), (12, 31)] -%}
                {%- do problems.append(
                    "reporting_period_end is " ~ end ~ ": the return ends with a quarter "
                    ~ "(31 March, 30 June, 30 September or 31 December)"
                ) -%}
            {%- elif days.get('reporting_period_start')
                    and days['reporting_period_start'] | string != twelve_months_before(end | string) -%}
                {%- do problems.append(
                    "the reporting period " ~ days['reporting_period_start'] ~ " to " ~ end
                    ~ " is not 12 months: it should start on " ~ twelve_months_before(end | string)
                ) -%}
            {%- endif -%}
            {%- if days.get('submission_date') and days['submission_date'] <= end -%}
                {%- do problems.append(
                    "submission_date is " ~ days['submission_date'] ~ ": a return is sent after its "
                    ~ "reporting period has ended (" ~ end ~ ")"
                ) -%}
            {%- endif -%}
        {%- endif -%}

        {%- for name, allowed in {
            'la_code': seed_values('spec_councils', 'cassr_code'),
            'cld_release': seed_values('spec_code_lists', 'release') | reject('equalto', 'DHSC') | list,
        }.items() -%}
            {%- if given_setting(name) not in allowed -%}
                {%- do problems.append(
                    name ~ " is '" ~ given_setting(name) ~ "', which is not "
                    ~ ("in the list of councils (seeds/specification/spec_councils.csv)"
                       if name == 'la_code' else "one of " ~ allowed | join(', '))
                ) -%}
            {%- endif -%}
        {%- endfor -%}

        {%- do problems.extend(named_value_problems()) -%}

        {%- if problems -%}
            {{- exceptions.raise_compiler_error(
                "Nothing was built, because these settings cannot be used:\n  - "
                ~ problems | join("\n  - ")
            ) -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{#- The names of --vars that are no setting, each as a sentence with the nearest that is one. dbt itself
    takes any name in silence. Misspelt CLD_ variables are found when the database is opened
    (asc_cld/settings.py). -#}
{% macro unknown_settings() -%}
    {%- set known = (var('defaults') | list) + ['database_path', 'memory_limit', 'temp_limit'] -%}
    {%- set problems = [] -%}
    {%- for name in invocation_args_dict.get('vars', {}) if name not in known -%}
        {%- set nearest = run_query(
            "select name from (values ('" ~ known | join("'), ('") ~ "')) as known (name) order by "
            ~ text_similarity('name', quoted(name)) ~ " desc, name limit 1"
        ) -%}
        {%- do problems.append(
            "--vars: there is no setting called '" ~ name ~ "'; the nearest is "
            ~ nearest.columns[0].values()[0]
        ) -%}
    {%- endfor -%}
    {{- return(problems) -}}
{%- endmacro %}
