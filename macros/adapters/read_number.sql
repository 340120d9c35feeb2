{#- The number that a text says, as DECIMAL(18, 4); null unless the text can only mean one number. Read are
        18.50, .5, 1,234.56 (commas between groups of three only), 1 234.56,
        -18.50, +18.50, 18.50-, (18.50), the minus sign U+2212,
        a pound sign or GBP before or behind.
    Not read: 18,50 and 1.018,50 (a comma for the point), 1.85E+01 (a spreadsheet wrote fewer digits than it
    held), NaN, anything else. -#}
{% macro read_number(column) -%}
    {{ return(adapter.dispatch('read_number', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__read_number(column) -%}
    {#- Nearly every cell is plain: one cheap comparison and one cast. -#}
    case
        when regexp_full_match({{ column }}, '-?\d+(?:\.\d+)?')
            then try_cast({{ column }} as decimal(18, 4))
        when {{ column }} is null or {{ column }} in ('', 'NULL') then null
        else {{ duckdb__read_rare_number(strip_spaces(column)) }}
    end
{%- endmacro %}

{#- The other forms: text is the cell without stray spaces. -#}
{% macro duckdb__read_rare_number(text) -%}
    {%- set text = "replace(" ~ text ~ ", chr(8722), '-')" -%}
    case
        when regexp_full_match({{ text }}, '{{ number_forms() }}')
            then try_cast(
                case when regexp_matches({{ text }}, '[-(]') then '-' else '' end
                || regexp_replace({{ text }}, '[^0-9.]', '', 'g') as decimal(18, 4)
            )
    end
{%- endmacro %}

{% macro spark__read_number(column) -%}
    case
        when regexp_like({{ column }}, r'^-?\d+(?:\.\d+)?\z') then try_cast({{ column }} as decimal(18, 4))
        when {{ column }} is null or {{ column }} in ('', 'NULL') then null
        else {{ spark__read_rare_number(strip_spaces(column)) }}
    end
{%- endmacro %}

{% macro spark__read_rare_number(text) -%}
    {%- set text = "replace(" ~ text ~ ", '\u2212', '-')" -%}
    case
        when {{ matches_pattern(text, '^(?:' ~ number_forms() ~ ')$') }}
            then try_cast(
                case when regexp_like({{ text }}, '[-(]') then '-' else '' end
                || regexp_replace({{ text }}, '[^0-9.]', '') as decimal(18, 4)
            )
    end
{%- endmacro %}

{#- The forms of a number that are not plain figures, as one pattern. -#}
{% macro number_forms() -%}
    {%- set digits = '(?:\\d+|[1-9]\\d{0,2}(?:,\\d{3})+|[1-9]\\d{0,2}(?: \\d{3})+)(?:\\.\\d*)?|\\.\\d+' -%}
    {%- set pound = '(?:£|GBP)' -%}
    {%- set amount = '(?:' ~ pound ~ ' ?)?(?:' ~ digits ~ ')(?: ?' ~ pound ~ ')?' -%}
    {%- set forms = [
        '[+-]? ?' ~ amount, pound ~ ' ?[+-] ?(?:' ~ digits ~ ')', amount ~ ' ?-',
        '\\( ?' ~ amount ~ ' ?\\)', pound ~ ' ?\\( ?(?:' ~ digits ~ ') ?\\)',
    ] -%}
    {{- return(forms | join("|")) -}}
{%- endmacro %}
