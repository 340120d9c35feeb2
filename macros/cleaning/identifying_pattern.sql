{#- Regular expression for a kind of text that would identify a person. Wide on purpose: a harmless
    note that is not sent costs nothing, a sent name cannot be called back. -#}
{% macro identifying_pattern(kind) -%}
    {%- set month = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*' -%}
    {%- set day = '[0-3]?[0-9](st|nd|rd|th)?' -%}
    {%- set birth_year = '(19[0-9]{2}|20(0[0-9]|1[0-9]))' -%}
    {{- return({
        'title': '(^|[^A-Za-z])(Mr|Mrs|Ms|Miss|Master|Dr|MR|MRS|MS|MISS|DR)\\.?\\s+[A-Z]',
        'relative': '(^|[^A-Za-z])([Dd]aughter|[Ss]on|[Ww]ife|[Hh]usband|[Mm]other|[Ff]ather|[Mm]um|[Dd]ad'
            ~ '|[Ss]ister|[Bb]rother|[Nn]iece|[Nn]ephew|[Nn]eighbour|[Ff]riend|[Pp]artner|[Cc]arer'
            ~ '|[Nn]amed|[Cc]alled)\\s+[A-Z][a-z]+',
        'nhs_number': '(^|[^0-9])[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{4}([^0-9]|$)',
        'telephone': '(^|[^0-9])(\\+44[ ]?|\\(?0)[0-9]([ .()-]{0,2}[0-9]){8,9}([^0-9]|$)',
        'email': '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\\.[A-Za-z]',
        'address': '(^|[^A-Za-z0-9])[0-9]{1,4}[A-Za-z]?,?\\s+([A-Z][A-Za-z]+\\s+){0,2}[A-Z][A-Za-z]+\\s+'
            ~ '([Rr]oad|[Rr]d|[Ss]treet|[Aa]venue|[Aa]ve|[Ll]ane|[Cc]rescent|[Tt]errace|[Gg]ardens|[Gg]rove'
            ~ '|[Mm]ews|Drive|Close|Court|Way|Place|Hill|Walk|Square|Rise|View|Park|Green|Row|House)([^A-Za-z]|$)'
            ~ '|(^|[^A-Za-z])([Ff]lat|[Aa]partment|FLAT)\\s+[0-9]{1,4}([^0-9]|$)'
            ~ '|(^|[^A-Z0-9])[0-9]{1,4}[A-Z]?,?\\s+([A-Z]+\\s+){1,3}(ROAD|RD|STREET|AVENUE|AVE|LANE|DRIVE|CLOSE'
            ~ '|COURT|CRESCENT|WAY|TERRACE|GARDENS|GROVE|MEWS)([^A-Z]|$)',
        'postcode': '(?i)(^|[^a-z0-9])[a-z]{1,2}[0-9][a-z0-9]?\\s*[0-9][a-z]{2}([^a-z0-9]|$)',
        'birth_date': '(?i)((^|[^a-z])(dob|d\\.o\\.b|born|birth)([^a-z]|$))'
            ~ '|((^|[^0-9])' ~ day ~ '( of)?[ ./-]([01]?[0-9]|' ~ month ~ ')[ ,./-]+'
            ~ '(' ~ birth_year ~ '|[0-9]{2})([^0-9]|$))'
            ~ '|((^|[^a-z])' ~ month ~ ' ' ~ day ~ ',? ' ~ birth_year ~ '([^0-9]|$))'
            ~ '|((^|[^0-9])' ~ birth_year ~ '[/-][01]?[0-9][/-][0-3]?[0-9]([^0-9]|$))',
        'full_name': '^\\s*\\p{Lu}[\\p{L}\\x27’.-]*([ ,]\\s*\\p{Lu}[\\p{L}\\x27’.-]*){1,2}\\s*$',
        'assistant': '(?i)(^|[^a-z])(personal assistant|p\\.?a\\.?)([^a-z]|$)',
    }[kind]) -}}
{%- endmacro %}
