{#- The last words of a run that was to write the return: whether it did. Whatever else failed, the reader
    must not have to guess. Runs as on-run-end. -#}
{% macro say_what_became_of_the_return() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set failed = results | selectattr('status', 'in', ['error', 'fail', 'runtime error']) | list -%}
        {%- for result in results if result.node.unique_id == 'model.asc_cld.gov_return_file' -%}
            {%- if result.status == 'success' -%}
                {%- set file = run_query(
                    'select folder, file_name, row_count, sha256 from ' ~ result.node.relation_name
                ).rows[0] -%}
                {%- do log(
                    'The return was written: ' ~ file[0] ~ '/' ~ file[1] ~ ', ' ~ file[2] ~ ' rows, SHA-256 '
                    ~ file[3]
                    ~ ('. What failed above does not decide what is in it.' if failed else '.'), info=true
                ) -%}
            {%- else -%}
                {%- do log('No return was written; the last one, if there is one, is untouched.', info=true) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
