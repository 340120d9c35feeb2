{#- Whether text matches a regular expression, written as RE2 reads it (anchor it for the whole text). -#}
{% macro matches_pattern(text, pattern) -%}
    {{ return(adapter.dispatch('matches_pattern', 'asc_cld')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches_pattern(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro duckdb__matches_pattern(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches_pattern(text, pattern) -%}
    regexp_like({{ text }}, {{ java_pattern(pattern) }})
{%- endmacro %}

{#- A pattern of RE2 as a literal of Spark that Java reads the same way: $ is the end of the text and not also
    the place before a last line break, . stops at a line feed only, (?i) takes in letters beyond ASCII, and the
    quotation mark that SQL doubles is written by its number (a raw literal cannot hold one). -#}
{% macro java_pattern(pattern) -%}
    {%- set parts = [] -%}
    {%- for part in modules.re.findall('\\\\.|\\[\\^?\\]?(?:\\\\.|[^\\]\\\\])*\\]|[^\\\\\\[]', pattern, modules.re.S) -%}
        {%- do parts.append('\\z' if part == '$' else part) -%}
    {%- endfor -%}
    {%- set java = parts | join | replace("''", '\\x27') | replace('(?i)', '(?iu)') -%}
    {{- return("r'(?d)" ~ java ~ "'") -}}
{%- endmacro %}
