{#- The values that rules, measures and the build speak of by name (seed spec_named_values): for each
    release the value in force there, and for DHSC its own values beside those of the release its
    method reads. The seed is read from its file while the SQL is made, once a run, so that models
    hold plain constants and need no join. -#}
{% macro named_values() -%}
    {#- The graph is the one thing that all nodes of a run share. -#}
    {%- if 'named_values' not in graph -%}
        {%- set releases = seed_values('spec_code_lists', 'release') | reject('equalto', 'DHSC') | list -%}
        {%- set rows = seed_rows(
            'spec_named_values', ['value_name', 'field', 'from_release', 'value']
        ) -%}
        {%- set found = {} -%}
        {%- for release in releases -%}
            {%- set here = {} -%}
            {#- The first release that names a value speaks for those before it too. -#}
            {%- for row in rows | sort(attribute='from_release') if row.from_release != 'DHSC' -%}
                {%- if row.from_release <= release or row.value_name not in here -%}
                    {%- do here.update({row.value_name: row}) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- do found.update({release: here}) -%}
        {%- endfor -%}
        {%- set at_the_centre = dict(found[dhsc_release()]) -%}
        {%- for row in rows if row.from_release == 'DHSC' -%}
            {%- do at_the_centre.update({row.value_name: row}) -%}
        {%- endfor -%}
        {%- do found.update({'DHSC': at_the_centre}) -%}
        {%- do graph.update({'named_values': found}) -%}
    {%- endif -%}
    {{- return(graph['named_values']) -}}
{%- endmacro %}

{#- One named value of one release as an SQL text. An ending * stands for any ending, for use with
    like; an empty value says that the release has none such, and no comparison with it holds. Several
    names give their values with commas between, for use with in.
    Forms for comparisons that ignore capitals: key is in small letters; starts and holds are patterns
    of a key, for like, of texts that start with the value or hold it. -#}
{% macro named_value(name, release, form='as listed') -%}
    {%- if not execute -%}
        {{- return("''") -}}
    {%- endif -%}
    {%- if name is not string -%}
        {%- set values = [] -%}
        {%- for one in name -%}
            {%- do values.append(named_value(one, release, form)) -%}
        {%- endfor -%}
        {{- return(values | join(', ')) -}}
    {%- endif -%}
    {%- set row = named_values()[release].get(name) -%}
    {%- if row is none -%}
        {{- exceptions.raise_compiler_error(
            "No value is called '" ~ name ~ "' for " ~ release
            ~ ": see seeds/specification/spec_named_values.csv."
        ) -}}
    {%- endif -%}
    {%- if not row.value -%}
        {{- return('cast(null as string)') -}}
    {%- endif -%}
    {%- set value = row.value[:-1] ~ '%' if row.value.endswith('*') else row.value -%}
    {%- if form != 'as listed' -%}
        {%- set value = {'key': '', 'starts': '', 'holds': '%'}[form] ~ value | lower
            ~ {'key': '', 'starts': '%', 'holds': '%'}[form] -%}
    {%- endif -%}
    {{- return("'" ~ value | replace("'", "''") ~ "'") -}}
{%- endmacro %}
