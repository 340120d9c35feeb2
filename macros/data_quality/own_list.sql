{#- A list of the council's own: rule_settings, accepted_exceptions or unread_limits. The file of that name in the folder
    of the setting `rules_path`, all text, where it is there; else the seed. -#}
{% macro own_list(name) -%}
    {%- set seed = ref(name) -%}
    {%- if execute and own_list_file(name) -%}
        {{- return(csv_rows(own_list_file(name))) -}}
    {%- endif -%}
    {{- return(seed) -}}
{%- endmacro %}

{#- The path of the council's own file, '' where there is none. -#}
{% macro own_list_file(name) -%}
    {%- set folder = setting('rules_path') -%}
    {%- if not folder -%}
        {{- return('') -}}
    {%- endif -%}
    {%- set path = folder ~ '/' ~ name ~ '.csv' -%}
    {%- set found = run_query("select count(*) from glob('" ~ path | replace("'", "''") ~ "')") -%}
    {{- return(path if found.rows[0][0] else '') -}}
{%- endmacro %}

{#- What is wrong with the folder itself: none of the lists in it, or a file beside them that would be passed over
    though somebody means it (rule_settings.xlsx, rules_settings.csv). -#}
{% macro own_list_problems() -%}
    {%- set folder = setting('rules_path') -%}
    {%- if not folder -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set known = ['rule_settings.csv', 'accepted_exceptions.csv', 'unread_limits.csv'] -%}
    {%- set found = run_query(
        "select regexp_extract(file, '[^/\\\\]*$') as name from glob('" ~ folder | replace("'", "''") ~ "/*')"
        ~ " order by name"
    ).columns[0].values() | list -%}
    {%- set problems = [] -%}
    {%- for name in found if name not in known and name[0] not in ['.', '~'] -%}
        {%- do problems.append('rules_path: ' ~ name ~ ' is not read; it may hold ' ~ known | join(', ')) -%}
    {%- endfor -%}
    {%- if not problems and not found | select('in', known) | list -%}
        {%- do problems.append('rules_path: ' ~ folder ~ ' holds none of ' ~ known | join(', ')) -%}
    {%- endif -%}
    {{- return(problems) -}}
{%- endmacro %}

{#- The path of a list of the council's own, or of its seed. -#}
{% macro own_list_path(name) -%}
    {{- return(own_list_file(name) or seed_path(name)) -}}
{%- endmacro %}
