{#- Whether a spreadsheet would take a text for a formula: the same texts as asc_cld/spreadsheets.py, so that what
    is neutralised in our lists is named where it stands in a return. A number is none. -#}
{% macro begins_like_a_formula(text) -%}
    {%- set passed_over = ' \u00a0\u2007\u2009\u200a\u200b\u200c\u200d\u2060\u202f\u3000\ufeff\u00ad"`,\u00b4‘’“”'
        ~ "''" -%}
    {%- set splits = '\t\r\n;|' -%}
    {%- set signs = '=+@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212-' -%}
    (
        -- Nearly every text ends here, cheaply: it begins with a letter or a digit.
        not coalesce(
            substr({{ text }}, 1, 1) between 'a' and 'z'
            or substr({{ text }}, 1, 1) between 'A' and 'Z'
            or substr({{ text }}, 1, 1) between '0' and '9',
            true
        )
        and {{ matches_pattern(
            text, '^[ "' ~ "''" ~ ']*[' ~ splits ~ ']|^[' ~ passed_over ~ splits ~ ']*[' ~ signs ~ ']'
        ) }}
        and not {{ matches_pattern(text, '^ *[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+) *$') }}
    )
{%- endmacro %}
