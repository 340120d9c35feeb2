{#- The digits of an NHS number in the forms in which systems and spreadsheets write one: with spaces, dashes
    or dots, an apostrophe or ="..." against rounding, NHS or NHS No in front, invisible joiners, wide digits,
    9990000018.0 and 9.990000018E+09. Null where anything else is left: 9.99E+09 has lost its digits, and a
    remark is no number. Whether the digits are a valid number is not asked here. -#}
{% macro parse_nhs_number(text) -%}
    {{ return(adapter.dispatch('parse_nhs_number', 'asc_cld')(text)) }}
{%- endmacro %}

{% macro duckdb__parse_nhs_number(text) -%}
    {%- set digits = "translate(" ~ text ~ ", '０１２３４５６７８９', '0123456789')" -%}
    {%- set one_line = "regexp_replace(" ~ digits
        ~ ", '[\\s\\p{Zs}\\p{Cf}\\x{00AD}]+', '', 'g')" -%}
    {%- set bare = "regexp_replace(regexp_replace(" ~ one_line
        ~ ", '(?i)^[=''‘’`\"“”]*(nhs(number|num|no|nr)?[.:#=-]*)?[=''‘’`\"“”]*', ''), '[''’`\"”]+$', '')"
    -%}
    nullif(regexp_extract(
        -- 9.990000018E+09 with all ten digits; the dot of 9990000018.0; dots, then dashes, between groups.
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace({{ bare }}, '(?i)^([0-9])\.([0-9]{9})0*e[+]?0?9$', '\1\2'),
                    '^([0-9]{4,})\.0+$', '\1'
                ),
                '^([0-9]{3})\.([0-9]{3})\.([0-9]{4})$', '\1\2\3'
            ),
            '([0-9])[\p{Pd}\x{2212}]([0-9])', '\1\2', 'g'
        ),
        '^[0-9]+$'
    ), '')
{%- endmacro %}

{% macro spark__parse_nhs_number(text) -%}
    {%- set digits = "translate(" ~ text ~ ", '\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19', '0123456789')" -%}
    {%- set one_line = "regexp_replace(" ~ digits ~ ", r'[\\s\\p{Zs}\\p{Cf}\\x{00AD}]+', '')" -%}
    {%- set bare = "regexp_replace(regexp_replace(" ~ one_line
        ~ ", r'(?i)^[=\\x27\u2018\u2019`\"\u201c\u201d]*(nhs(number|num|no|nr)?[.:#=-]*)?[=\\x27\u2018\u2019`\"\u201c\u201d]*', '')"
        ~ ", r'[\\x27\u2019`\"\u201d]+\\z', '')"
    -%}
    nullif(regexp_extract(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace({{ bare }}, r'(?i)^([0-9])\.([0-9]{9})0*e[+]?0?9\z', '$1$2'),
                    r'^([0-9]{4,})\.0+\z', '$1'
                ),
                r'^([0-9]{3})\.([0-9]{3})\.([0-9]{4})\z', '$1$2$3'
            ),
            r'([0-9])[\p{Pd}\x{2212}]([0-9])', '$1$2'
        ),
        r'^[0-9]+\z', 0
    ), '')
{%- endmacro %}
