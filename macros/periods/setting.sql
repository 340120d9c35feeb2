{#- One setting, checked: --vars wins, then the environment variable CLD_<NAME>, then the default in
    dbt_project.yml. Settings that follow from others are worked out here and nowhere else. Gives a
    whole number for a whole number, true or false for a flag, else text; a day as yyyy-mm-dd. What is
    not of the type that dbt_project.yml names stops dbt with a sentence: no setting reaches SQL
    unchecked, and free text only through quoted(). -#}
{% macro setting(name) -%}
    {%- set given = given_setting(name) -%}
    {#- While dbt only parses, nothing is stopped: check_settings then names every problem at once. -#}
    {%- set problem = setting_problem(name, given) if execute else '' -%}
    {%- if problem -%}
        {{- exceptions.raise_compiler_error("This setting cannot be used: " ~ problem) -}}
    {%- endif -%}
    {%- set type = var('setting_types').get(name, {'is': 'text'}) -%}
    {%- if type['is'] == 'flag' -%}
        {{- return(given | lower in ['true', 'yes', 'y', '1']) -}}
    {%- elif type['is'] == 'whole number' -%}
        {{- return(given | int) -}}
    {%- endif -%}
    {{- return(given) -}}
{%- endmacro %}

{#- What was given for a setting, as text, not yet checked. dbt parses again what asked for a variable that has
    changed since: while it only parses, it is asked for no more than decides what stands on what. -#}
{% macro given_setting(name) -%}
    {%- set defaults = var('defaults') -%}
    {%- if name not in defaults -%}
        {{- exceptions.raise_compiler_error("There is no setting called '" ~ name ~ "'.") -}}
    {%- endif -%}
    {%- set given = var(name, none) -%}
    {%- if (given is none or given | string | trim == '') and (execute or name in var('settings_of_the_graph')) -%}
        {%- set given = env_var('CLD_' ~ name | upper, '') -%}
    {%- endif -%}
    {%- if given is none or given | string | trim == '' -%}
        {%- set given = defaults[name] -%}
    {%- endif -%}
    {%- set given = given | string | trim -%}
    {#- What is made of extracts runs on DuckDB alone: elsewhere files that are there are checked. -#}
    {%- if name == 'include_built' and target.type != 'duckdb' -%}
        {%- set given = 'false' -%}
    {%- endif -%}
    {%- if given == '' and name == 'reporting_period_start' -%}
        {%- set given = twelve_months_before(given_setting('reporting_period_end')) -%}
    {%- elif given == '' and name == 'submissions_as_of' -%}
        {%- set given = given_setting('submission_date') -%}
    {%- endif -%}
    {{- return(given) -}}
{%- endmacro %}

{#- Why a text is no value of a setting, as a sentence without its full stop; nothing where it is one.
    The types stand beside the defaults in dbt_project.yml. -#}
{% macro setting_problem(name, text) -%}
    {%- set type = var('setting_types').get(name, {'is': 'text'}) -%}
    {%- set kind = type['is'] -%}
    {%- set wrong = name ~ " is '" ~ text ~ "'" -%}
    {%- if kind == 'day' -%}
        {%- if as_day(text) is none -%}
            {{- return(wrong ~ ": write it as yyyy-mm-dd") -}}
        {%- endif -%}
    {%- elif kind == 'flag' -%}
        {%- if text | lower not in ['true', 'yes', 'y', '1', 'false', 'no', 'n', '0', ''] -%}
            {{- return(wrong ~ ": write true or false") -}}
        {%- endif -%}
    {%- elif kind == 'whole number' -%}
        {%- if not modules.re.match('^[0-9]{1,9}$', text) or text | int < type.get('least', 0) -%}
            {{- return(wrong ~ ", which is not a whole number of at least " ~ type.get('least', 0)) -}}
        {%- endif -%}
    {%- elif kind == 'number' -%}
        {%- if not modules.re.match('^[0-9]{1,12}([.][0-9]{1,6})?$', text)
                or text | float > type.get('most', text | float) -%}
            {{- return(
                wrong ~ ", which is not a number"
                ~ (" from 0 to " ~ type['most'] if 'most' in type else " such as 5000 or 0.25")
            ) -}}
        {%- endif -%}
    {%- elif kind == 'choice' -%}
        {%- if text not in type['of'] -%}
            {{- return(wrong ~ ", which is not one of " ~ type['of'] | join(', ')) -}}
        {%- endif -%}
    {%- elif kind == 'code' -%}
        {%- if not modules.re.match('^[A-Za-z0-9]{1,20}$', text) -%}
            {{- return(wrong ~ ": a code holds letters and digits only") -}}
        {%- endif -%}
    {%- endif -%}
    {{- return('') -}}
{%- endmacro %}
