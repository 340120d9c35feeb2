{#- What is wrong with the council's own settings of rules and its accepted exceptions, in plain words
    with the line of the file and the form of what stands there, which tells nobody's; read from the CSV files, so that a slip stops the run before anything
    is built on it. -#}
{% macro override_problems() -%}
    {{- return(problems_of_overrides(
        seed_path('spec_rules'), own_list_path('rule_settings'), own_list_path('accepted_exceptions')
    )) -}}
{%- endmacro %}

{#- The same of three files. -#}
{% macro problems_of_overrides(rules, settings, exceptions) -%}
    {%- set scopes = [
        'rule', 'la_code', 'submission_id', 'team_id', 'event_type', 'field',
        'la_person_unique_identifier', 'event_reference', 'source_record_id', 'row_id',
    ] -%}
    {%- set found = run_query(
        "with rules as (select rule_id from " ~ csv_rows(rules) ~ "),
        settings as (
            select *, " ~ line_in_file() ~ " as line from " ~ csv_rows(settings) ~ "
        ),
        exceptions as (
            select *, " ~ line_in_file() ~ " as line from " ~ csv_rows(exceptions) ~ "
        ),
        problems as (
            select 'rule_settings.csv' as file_name, line,
                " ~ shown_rule() ~ " || ' is not a rule of the catalogue' as problem
            from settings where rule_id is null or rule_id not in (select rule_id from rules)
            union all
            select 'rule_settings.csv', line, 'is_on is of the form ''' || " ~ form_of('is_on') ~ " || ''': write yes or no'
            from settings where is_on not in ('yes', 'no')
            union all
            select 'rule_settings.csv', line,
                'severity is of the form ''' || " ~ form_of('severity') ~ " || ''': write error, warning or info'
            from settings where severity not in ('error', 'warning', 'info')
            union all
            select 'rule_settings.csv', line, 'threshold_share is of the form ''' || " ~ form_of('threshold_share') ~ " || ''': write a share from 0 to 1, such as 0.05 for 5%'
            from settings
            where threshold_share is not null
                and not coalesce(try_cast(threshold_share as double) between 0 and 1, false)
            union all
            select 'rule_settings.csv', max(line), " ~ shown_rule() ~ " || ' is set ' || count(*) || ' times'
            from settings group by rule_id having count(*) > 1
            union all
            select 'accepted_exceptions.csv', line,
                " ~ shown_rule() ~ " || ' is not a rule of the catalogue'
            from exceptions where rule_id is null or rule_id not in (select rule_id from rules)
            union all
            select 'accepted_exceptions.csv', line, 'scope_column is '
                || coalesce('of the form ''' || " ~ form_of('scope_column') ~ " || '''', 'blank')
                || ': write one of " ~ scopes | join(', ') ~ "'
            from exceptions
            where scope_column is null or scope_column not in ('" ~ scopes | join("', '") ~ "')
            union all
            select 'accepted_exceptions.csv', line, 'scope_value is blank: say which ' || scope_column
            from exceptions where scope_column <> 'rule' and scope_value is null
            union all
            select 'accepted_exceptions.csv', line, 'scope_value is filled, but the scope is the whole rule'
            from exceptions where scope_column = 'rule' and scope_value is not null
            union all
            select 'accepted_exceptions.csv', line, missing || ' is blank'
            from (
                select line, 'reason' as missing, reason as given from exceptions
                union all
                select line, 'owner', owner from exceptions
                union all
                select line, 'approved_by', approved_by from exceptions
                union all
                select line, 'expires_on', expires_on from exceptions
            ) as cells
            where coalesce(given, '') = ''
            union all
            select 'accepted_exceptions.csv', line,
                'expires_on is of the form ''' || " ~ form_of('expires_on') ~ " || ''': write a day as yyyy-mm-dd'
            from exceptions where " ~ try_parse_date('expires_on', ['%Y-%m-%d']) ~ " is null and expires_on is not null
        )
        select file_name || ', line ' || line || ': ' || problem as said
        from problems order by file_name, line, problem"
    ) -%}
    {{- return(found.columns[0].values() | list) -}}
{%- endmacro %}

{#- A rule as it was typed where it looks like one; of anything else the form, for it may be of a person. -#}
{% macro shown_rule() -%}
    case
        when rule_id is null then 'a blank'
        when {{ matches_pattern('rule_id', '^[A-Z]{2,4}-[0-9]{1,3}$') }} then '''' || rule_id || ''''
        else 'a text of the form ''' || {{ form_of('rule_id') }} || ''''
    end
{%- endmacro %}

{#- The file of a seed. dbt's unit tests know no graph; there the folder of the project is asked. -#}
{% macro seed_path(seed) -%}
    {%- if 'nodes' in graph -%}
        {%- set node = graph.nodes['seed.' ~ project_name ~ '.' ~ seed] -%}
        {{- return(node.root_path ~ '/' ~ node.original_file_path) -}}
    {%- endif -%}
    {%- set room = 'specification' if seed.startswith('spec_') else 'reference' -%}
    {{- return(invocation_args_dict['project_dir'] ~ '/seeds/' ~ room ~ '/' ~ seed ~ '.csv') -}}
{%- endmacro %}
