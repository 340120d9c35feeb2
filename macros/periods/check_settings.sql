{#- Stops a run before any model is built when a setting cannot lead to a valid return. Runs as
    on-run-start, so that `dbt build`, `dbt run` and `dbt test` all say the same. Every problem found
    is named at once. -#}
{% macro check_settings() %}
    {%- if execute -%}
        {%- set problems = [] -%}
        {%- set days = {} -%}
        {%- for name in [
            'reporting_period_start', 'reporting_period_end', 'submission_date',
            'submissions_as_of', 'joined_period_start',
        ] -%}
            {%- set day = as_day(setting(name)) -%}
            {%- if day is none -%}
                {%- do problems.append(name ~ " is '" ~ setting(name) ~ "': write it as yyyy-mm-dd") -%}
            {%- else -%}
                {%- do days.update({name: day}) -%}
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
            'method_version': ['jun2026', 'sep2026'],
            'submission_selection': ['derived', 'stated', 'all'],
            'share_postcode': ['none', 'sector'],
        }.items() -%}
            {%- if setting(name) not in allowed -%}
                {%- do problems.append(
                    name ~ " is '" ~ setting(name) ~ "', which is not "
                    ~ ("in the list of councils (seeds/specification/spec_councils.csv)"
                       if name == 'la_code' else "one of " ~ allowed | join(', '))
                ) -%}
            {%- endif -%}
        {%- endfor -%}

        {%- for name, least in {'share_k': 2, 'share_threshold': 2, 'share_rounding': 1}.items() -%}
            {%- if not setting(name).isdigit() or setting(name) | int < least -%}
                {%- do problems.append(
                    name ~ " is '" ~ setting(name) ~ "', which is not a whole number of at least " ~ least
                ) -%}
            {%- endif -%}
        {%- endfor -%}

        {%- do problems.extend(override_problems()) -%}

        {%- if problems -%}
            {{- exceptions.raise_compiler_error(
                "Nothing was built, because these settings cannot be used:\n  - "
                ~ problems | join("\n  - ")
            ) -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
