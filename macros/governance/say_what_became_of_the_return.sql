{#- The last words of a run that was to write the return, or that checked files: what became of it, in words.
    Whatever else failed, the reader must not have to guess. Runs as on-run-end. One message, so that asc-cld
    can tell it from the lines above it. -#}
{% macro say_what_became_of_the_return() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set built = results | selectattr('status', 'equalto', 'success')
            | map(attribute='node.unique_id') | list -%}
        {%- set asked = results | map(attribute='node.unique_id') | list -%}
        {%- if 'model.asc_cld.gov_return_file' in built -%}
            {%- do log(
                (written_lines(results) + account_lines(built) + next_lines(true)) | join('\n'), info=true
            ) -%}
        {%- elif 'model.asc_cld.gov_return_file' in asked -%}
            {%- do log(
                not_written_lines(results, built) | join('\n'), info=true
            ) -%}
        {%- elif 'model.asc_cld.dq_findings' in built and 'model.asc_cld.dhsc_periods' in built
                and not setting('include_built') -%}
            {%- do log(checked_lines(built) | join('\n'), info=true) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- The file and where it lies. -#}
{% macro written_lines(results) -%}
    {%- set failed = results | selectattr('status', 'in', ['error', 'fail', 'runtime error']) | list -%}
    {%- set file = run_query(
        'select folder, file_name, row_count, sha256 from ' ~ table_of('gov_return_file')
    ).rows[0] -%}
    {{- return([
        'The return was written: ' ~ file[0] ~ '/' ~ file[1] ~ ', ' ~ file[2] ~ ' rows, SHA-256 '
        ~ file[3] ~ ('. What failed above does not decide what is in it.' if failed else '.')
    ]) -}}
{%- endmacro %}

{#- What is in the file, what is not, what is to be mended, and whether DHSC will take it; of what this run built. -#}
{% macro account_lines(built) -%}
    {%- set lines = [] -%}
    {%- if 'model.asc_cld.cld_events' in built -%}
        {%- do lines.append('  Rows: ' ~ counted(
            "select coalesce(event_type, 'people and carers without an event'), count(*) from "
            ~ table_of('cld_events') ~ " group by 1 order by 1"
        )) -%}
    {%- endif -%}
    {%- if 'model.asc_cld.cld_exclusions' in built -%}
        {%- set reasons = run_query(
            "select reason_code, min(reason), count(*) from " ~ table_of('cld_exclusions')
            ~ " group by 1 order by 3 desc, 1"
        ).rows -%}
        {%- do lines.append('  Left out, by reason (cld.cld_exclusions):') -%}
        {%- for reason in reasons -%}
            {%- if loop.index <= 6 -%}
                {%- do lines.append('    ' ~ reason[2] ~ '  ' ~ reason[1] ~ ' (' ~ reason[0] ~ ')') -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if reasons | length > 6 -%}
            {%- do lines.append(
                '    ' ~ reasons[6:] | sum(attribute=2) ~ '  for ' ~ (reasons | length - 6) ~ ' other reasons'
            ) -%}
        {%- endif -%}
    {%- endif -%}
    {%- set lines = lines + columns_lines(built) + sign_lines(built) + mend_lines(built)
        + not_understood_lines(built) -%}
    {%- if 'model.asc_cld.dhsc_periods' in built -%}
        {%- for period in run_query(
            "select distinct verdict from " ~ table_of('dhsc_periods') ~ " where submission_id in (select"
            ~ " submission_id from " ~ table_of('sub_built_file') ~ ") and method_version = '"
            ~ setting('method_version') ~ "'"
        ).rows -%}
            {%- do lines.append('  ' ~ period[0] ~ '.') -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(lines) -}}
{%- endmacro %}

{#- Records to mend, by importance and by team. -#}
{% macro mend_lines(built) -%}
    {%- set lines = [] -%}
    {%- if 'model.asc_cld.dq_findings' in built -%}
        {%- set findings = table_of('dq_findings') ~ " as findings" -%}
        {%- set open = " where not findings.accepted and findings.origin = 'built'" -%}
        {%- do lines.append('  Records to mend, as the fix list counts them: ' ~ counted(
            "select case findings.severity when 'error' then 'must mend' when 'warning' then 'please check'"
            ~ " else 'for information' end, count(distinct findings.finding) from " ~ findings ~ open
            ~ " group by findings.severity order by findings.severity = 'info', findings.severity"
        )) -%}
        {%- set own = own_list_file('accepted_exceptions') -%}
        {%- set exceptions_given = csv_rows(own) if own else graph.nodes['seed.asc_cld.accepted_exceptions'].relation_name -%}
        {%- set over = counted(
            "select rule_id, count(*) from " ~ exceptions_given ~ " as given where cast(expires_on as date) < "
            ~ date_setting('submission_date') ~ " group by 1 order by 1"
        ) -%}
        {%- if over != 'none' -%}
            {%- do lines.append(
                '    accepted_exceptions.csv accepted until a day that has passed (rule, lines): ' ~ over
            ) -%}
        {%- endif -%}
        {%- if 'model.asc_cld.cnf_teams' in built -%}
            {%- set teams = table_of('cnf_teams') ~ " as teams" -%}
            {%- do lines.append('    by team (what two teams can mend counts for both): ' ~ counted(
                "select found.team, count(distinct found.finding) from (select case when not findings.is_for_a_team"
                ~ " then 'for no team (the file, its settings, the export)' when findings.team_id is null then"
                ~ " 'team not known' when teams.team_id is null then 'teams that are in no list'"
                ~ " else coalesce(teams.team_name || ' (' || teams.team_id || ')', teams.team_id) end as team,"
                ~ " teams.team_id, findings.finding from " ~ findings ~ " left join " ~ teams
                ~ " on findings.team_id = teams.team_id" ~ open ~ ") as found"
                ~ " group by found.team, found.team_id order by 2 desc, found.team_id nulls last, 1"
            )) -%}
            {%- for column, what in {
                'is_name_of_a_person': "team_name holds a person's name or number: such a team is shown by its id",
                'is_id_of_a_person': "team_id holds a person's name: such a team is as one in no list",
            }.items() -%}
                {%- set told = run_query(
                    "select count(*), min(teams.source_row) from " ~ teams ~ " where teams." ~ column
                ).rows[0] -%}
                {%- if told[0] -%}
                    {%- do lines.append(
                        '    ' ~ what ~ ' (extract team: ' ~ told[0] ~ ', the first in row ' ~ told[1] ~ ')'
                    ) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(lines) -}}
{%- endmacro %}

{#- What an extract lacks without being wrong: records, optional columns. Beside these stand those of its columns that
    nobody reads: the one may be the other under a new name; and what its reader has seen in its cells. -#}
{% macro columns_lines(built) -%}
    {%- set lines = [] -%}
    {%- if 'model.asc_cld.stg_extracts__files' in built -%}
        {%- for said, found in {
            'Extracts without a record': "case when records = 0 then source_table end",
            'Optional columns that are not there and read as blank': "source_table || ' (' || columns_absent || ')'",
            'Columns that nobody reads': "source_table || ' (' || columns_not_read || ')'",
            'Extracts that may have been cut short (is the file whole?)': "source_table || ' (' || seems_cut || ')'",
            'Letters damaged on the way': "source_table || ' (' || letters_damaged || ')'",
            'Days that may be other days': "source_table || ' (' || days_in_doubt || ')'",
        }.items() -%}
            {%- set found = run_query(
                "select " ~ found ~ " from " ~ table_of('stg_extracts__files') ~ " order by source_table"
            ).columns[0].values() | select | list -%}
            {%- if found -%}
                {%- do lines.append('  ' ~ said ~ ': ' ~ found | join(', ') ~ '.') -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set fewer = fewer_records() -%}
        {%- if fewer -%}
            {%- do lines.append(
                '  Extracts with far fewer records than the last other one of which a return was made (is the file'
                ~ ' whole?): ' ~ fewer | join(', ') ~ '.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(lines) -}}
{%- endmacro %}

{#- Extracts that have lost a tenth of their records, or more, since the last return that was made of another file of
    them, as its manifest says: one that is cut between two lines is no wrong file. -#}
{% macro fewer_records() -%}
    {%- set manifests = graph.nodes['model.asc_cld.gov_manifest'] -%}
    {%- if not load_relation(api.Relation.create(
        database=manifests.database, schema=manifests.schema, identifier=manifests.alias
    )) -%}
        {{- return([]) -}}
    {%- endif -%}
    {{- return(run_query(
        "select files.source_table || ' (' || files.records || ', ' || arg_max(given.rows, manifests.started_at)"
        ~ " || ' before)' from " ~ table_of('stg_extracts__files') ~ " as files inner join ("
        ~ " select started_at, unnest(from_json(manifest -> 'inputs' -> 'extracts',"
        ~ quoted('[{"extract": "VARCHAR", "rows": "BIGINT", "sha256": "VARCHAR"}]') ~ ")) as given"
        ~ " from " ~ table_of('gov_manifest') ~ " where la_code = '" ~ setting('la_code') ~ "') as manifests"
        ~ " on files.source_table = given.extract and files.sha256 <> given.sha256"
        ~ " group by files.source_table, files.records"
        ~ " having files.records <= 0.9 * arg_max(given.rows, manifests.started_at)"
        ~ " order by files.source_table"
    ).columns[0].values() | list) -}}
{%- endmacro %}

{#- What may be lost of a file, or wrong in a whole column of it (dq_signs), by file: {submission: sentences}. -#}
{% macro signs_by_file(built) -%}
    {%- set found = {} -%}
    {%- if 'model.asc_cld.dq_signs' in built -%}
        {%- for sign in run_query(
            "select submission_id, sentence from " ~ table_of('dq_signs') ~ " order by submission_id, sign"
        ).rows -%}
            {%- do found.setdefault(sign[0], []).append(sign[1]) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro %}

{#- The same of the file built here. -#}
{% macro sign_lines(built) -%}
    {%- set lines = [] -%}
    {%- set signs = signs_by_file(built) -%}
    {%- if signs -%}
        {%- for file in run_query("select submission_id from " ~ table_of('sub_built_file')).rows -%}
            {%- for sentence in signs.get(file[0], []) -%}
                {%- do lines.append('  ' ~ sentence) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(lines) -}}
{%- endmacro %}

{#- Codes without a mapping, values nobody understood, people nobody but a person can tell apart. -#}
{% macro not_understood_lines(built) -%}
    {%- set lines = [] -%}
    {%- if 'model.asc_cld.dq_unmapped_codes' in built -%}
        {%- set codes = counted(
            "select code_list, count(*) from " ~ table_of('dq_unmapped_codes') ~ " group by 1 order by 1"
        ) -%}
        {%- do lines.append('  Codes without a mapping: ' ~ codes
            ~ ('' if codes == 'none' else '. Answer them with asc-cld map, then asc-cld map --read')
        ) -%}
    {%- endif -%}
    {%- if 'model.asc_cld.dq_unread_values' in built -%}
        {%- do lines.append('  Values not understood: ' ~ counted(
            "select extract || '.' || column_name || ' (' || min(kind) || ')', sum(row_count) from "
            ~ table_of('dq_unread_values') ~ " group by extract, column_name order by 1"
        )) -%}
    {%- endif -%}
    {%- if 'model.asc_cld.cnf_people_to_judge' in built -%}
        {%- do lines.append('  People who may be one, or are in doubt (conformed.cnf_people_to_judge): ' ~ counted(
            "select replace(replace(lower(finding), '_', ' '), 'nhs', 'NHS'), count(*) from "
            ~ table_of('cnf_people_to_judge') ~ " group by finding order by 2 desc, 1"
        )) -%}
    {%- endif -%}
    {{- return(lines) -}}
{%- endmacro %}

{#- Why there is no file, the reason first. -#}
{% macro not_written_lines(results, built) -%}
    {%- set lines = [] -%}
    {%- if 'model.asc_cld.dq_gate' in built and 'model.asc_cld.dq_summary' in built -%}
        {%- for rule in run_query(
            "select rules.rule_id, min(rules.rule_text), sum(summary.error_count) from "
            ~ table_of('dq_summary') ~ " as summary inner join " ~ table_of('dq_gate')
            ~ " as gate on summary.submission_id = gate.submission_id and not gate.may_write inner join "
            ~ table_of('dq_rules') ~ " as rules on summary.rule_id = rules.rule_id"
            ~ " where summary.is_beyond_threshold group by rules.rule_id order by 3 desc, 1"
        ).rows -%}
            {%- do lines.append(
                '  ' ~ rule[2] ~ (' record' if rule[0][:4] == 'EXT-' else ' row') ~ ('' if rule[2] == 1 else 's')
                ~ ' against: ' ~ rule[1]
                ~ ' (' ~ rule[0] ~ ')'
            ) -%}
            {#- What nobody understood is said in words, as the gate does. -#}
            {%- if rule[0] == 'EXT-01' -%}
                {%- for unread in run_query(
                    "select distinct found_value from " ~ table_of('dq_breaches')
                    ~ " where rule_id = 'EXT-01' and not accepted order by 1"
                ).rows -%}
                    {%- do lines.append('    ' ~ unread[0]) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if 'model.asc_cld.cld_reconciliation' in built -%}
        {%- for lost in run_query(
            "select source_table, difference from " ~ table_of('cld_reconciliation')
            ~ " where difference <> 0 order by 1"
        ).rows -%}
            {%- do lines.append('  ' ~ lost[0] ~ ': ' ~ lost[1] ~ ' records unaccounted for') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set is_held_back = lines | length > 0 -%}
    {%- if is_held_back -%}
        {%- set first = 'NOT WRITTEN: the checks do not let it.' -%}
    {%- else -%}
        {%- set first = 'NOT WRITTEN: what the return is made from failed.' -%}
        {%- for result in results
                if result.status in ("error", "fail", "runtime error") -%}
            {%- if lines | length < 10 -%}
                {%- do lines.append('  ' ~ result.node.name ~ ' failed') -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(
        [first] + lines + columns_lines(built) + sign_lines(built) + mend_lines(built) + not_understood_lines(built)
        + ['No return was written; the last one, if there is one, is untouched.']
        + next_lines(false, is_held_back, unmapped_lists(built))
    ) -}}
{%- endmacro %}

{#- The files checked, each with what was found and what DHSC will do with it. -#}
{% macro checked_lines(built) -%}
    {%- set lines = ['CHECKED: no return was built.'] -%}
    {%- set signs = signs_by_file(built) -%}
    {%- for file in run_query(
        "select files.file_name, files.row_count, coalesce(found.to_mend, 0), min(periods.verdict), files.submission_id from "
        ~ table_of('sub_files') ~ " as files left join (select findings.submission_id,"
        ~ " count(distinct findings.finding) as to_mend from " ~ table_of('dq_findings') ~ " as findings"
        ~ " where findings.severity = 'error' and not findings.accepted group by findings.submission_id) as found"
        ~ " on files.submission_id = found.submission_id left join " ~ table_of('dhsc_periods')
        ~ " as periods on files.submission_id = periods.submission_id and periods.method_version = '"
        ~ setting('method_version') ~ "' group by files.submission_id, files.file_name, files.row_count, found.to_mend"
        ~ " order by 1"
    ).rows -%}
        {%- do lines.append(
            '  ' ~ file[0] ~ ': ' ~ file[1] ~ ' rows, must mend ' ~ file[2] ~ ' as the fix list counts them. '
            ~ (file[3] ~ '.' if file[3] else '')
        ) -%}
        {%- for sentence in signs.get(file[4], []) -%}
            {%- do lines.append('    ' ~ sentence) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if 'model.asc_cld.ascof_measures' in built -%}
        {%- set without = run_query(
            "select distinct la_code || ' ' || la_name from " ~ table_of('ascof_measures')
            ~ " where note like 'No figure of these 12 months%' order by 1"
        ).columns[0].values() -%}
        {%- if without -%}
            {%- do lines.append(
                '  Measures are of ' ~ setting('reporting_period_start') ~ ' to ' ~ setting('reporting_period_end')
                ~ ', and for these DHSC takes no file of: ' ~ without[:10] | join(', ')
                ~ (' and ' ~ (without | length - 10) ~ ' more' if without | length > 10 else '')
                ~ '. Another period: reporting_period_end.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
    {%- set next = 'asc-cld fixlist (which records to mend)' if target.type == 'duckdb'
        else 'data_quality.dq_breaches and dhsc.ascof_measures of the results' -%}
    {{- return(lines + ['Next: ' ~ next]) -}}
{%- endmacro %}

{#- How many code lists hold a code without a mapping, of what this run built. -#}
{% macro unmapped_lists(built) -%}
    {%- if 'model.asc_cld.dq_unmapped_codes' not in built -%}
        {{- return(0) -}}
    {%- endif -%}
    {{- return(run_query(
        'select count(distinct code_list) from ' ~ table_of('dq_unmapped_codes')
    ).rows[0][0]) -}}
{%- endmacro %}

{#- What one does next; `can_be_forced`: the checks alone hold the file back. Codes come before records: what a code
    without an answer leaves empty is no team's to mend. -#}
{% macro next_lines(is_written, can_be_forced=false, unmapped=0) -%}
    {%- if is_written -%}
        {{- return([
            'Next: asc-cld fixlist (which records each team must mend), asc-cld audit (what was sent, for'
            ~ ' auditors), asc-cld movement (what moved a figure)'
        ]) -}}
    {%- endif -%}
    {{- return(
        ['Next: ' ~ ('asc-cld map, then asc-cld map --read (what the codes mean that have no answer); ' if unmapped else '')
         ~ 'asc-cld fixlist (which records each team must mend), then asc-cld build. What is right as it is:'
         ~ ' accept it with a reason in accepted_exceptions.csv or unread_limits.csv (docs/your-own-council.md). A file all the'
         ~ ' same, called DRAFT: asc-cld build --force-draft']
        if can_be_forced else ['Next: mend what failed (logs/dbt.log tells more), then asc-cld build']
    ) -}}
{%- endmacro %}

{#- The rows (word, count) of a query as 'word count, word count', or none. -#}
{% macro counted(query) -%}
    {%- set parts = [] -%}
    {%- for row in run_query(query).rows -%}
        {%- do parts.append(row[0] ~ ' ' ~ row[1]) -%}
    {%- endfor -%}
    {{- return((parts | join(', ')) or 'none') -}}
{%- endmacro %}

{#- The table of a model, by dbt's graph: a ref() in a hook would tie every command to the model. -#}
{% macro table_of(model) -%}
    {{- return(graph.nodes['model.asc_cld.' ~ model].relation_name) -}}
{%- endmacro %}
