{#- Before the return is written: gov_run names the run that writes it, also where only a part of the project
    was built (`dbt build --select model+`). A part built under other settings than the rest is refused:
    the file would be of two returns. -#}
{% macro name_this_run() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set gov_run = ref('gov_run') -%}
        {%- set known = run_query('select run_id, settings from ' ~ gov_run).rows -%}
        {%- if not known -%}
            {{- exceptions.raise_compiler_error('gov_run is empty: build everything first (dbt build).') -}}
        {%- endif -%}
        {%- if known[0][0] != invocation_id -%}
            {%- set before, now = fromjson(known[0][1]), fromjson(settings_in_force()) -%}
            {%- set changed = [] -%}
            {%- for name in now if before.get(name) != now[name] -%}
                {%- do changed.append(name ~ ' (' ~ before.get(name) ~ ' there, ' ~ now[name] ~ ' here)') -%}
            {%- endfor -%}
            {%- if changed -%}
                {{- exceptions.raise_compiler_error(
                    'The return was not written: what was not built in this run was built with other settings: '
                    ~ changed | join(', ') ~ '. Build everything: dbt build.'
                ) -}}
            {%- endif -%}
            {%- do run_query('delete from ' ~ gov_run) -%}
            {%- do run_query('insert into ' ~ gov_run ~ ' ' ~ this_run()) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
