{#- The moment that a text says, as TIMESTAMP on the clocks of the UK; null unless the text is one that can
    only mean one day. Read are, alone or followed by a time of day:
        yyyy-mm-dd, yyyy/mm/dd, dd/mm/yyyy, yyyymmdd,
        dd-MON-yyyy, dd Month yyyy, MON dd yyyy, yyyy-MON-dd (English names, any capitals, 1st, 2nd, ...),
        Excel day n (a spreadsheet's day number, marked by the reader where the whole column is such).
    A time with a zone (Z, UTC, GMT, +01:00) becomes the UK's time, whatever zone this machine is in.
    Not read, since they may mean another day: two-digit years, dd-mm-yyyy, dd.mm.yyyy, month before day in
    figures, a day or time that does not exist, anything behind the time. -#}
{% macro read_timestamp(column) -%}
    {{ return(adapter.dispatch('read_timestamp', 'asc_cld')(column)) }}
{%- endmacro %}

{% macro duckdb__read_timestamp(column) -%}
    {%- set time = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?' -%}
    {#- Nearly every cell is one of the first three; each is one cheap comparison and one cast. -#}
    case
        when regexp_full_match({{ column }}, '\d{4}-\d{2}-\d{2}(?:[ T]{{ time }})?')
            then try_cast({{ column }} as timestamp)
        when regexp_full_match({{ column }}, '\d{1,2}/\d{1,2}/\d{4}')
            then try_strptime({{ column }}, '%d/%m/%Y')
        when
            regexp_full_match(
                {{ column }}, '(?:19|20)\d{2}-\d{2}-\d{2}[ T]{{ time }}(?:Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)'
            )
            then timezone('Europe/London', try_cast({{ column }} as timestamptz))
        when {{ column }} is null or {{ column }} in ('', 'NULL') then null
        else {{ duckdb__read_rare_timestamp(strip_spaces(column)) }}
    end
{%- endmacro %}

{#- The other forms: text is the cell without stray spaces. Its parts are taken out in one reading of the
    pattern, whose groups are named in order; a part that is not there is ''. -#}
{% macro duckdb__read_rare_timestamp(text) -%}
    {%- set pattern, groups = moment_forms() -%}
    {%- set any_of = {} -%}
    {%- for letters in ['y', 'm', 'd', 'name'] -%}
        {%- set parts = [] -%}
        {%- for group in groups if group[:-1] == letters -%}
            {%- do parts.append('part.' ~ group) -%}
        {%- endfor -%}
        {%- do any_of.update({letters: 'concat(' ~ parts | join(', ') ~ ')'}) -%}
    {%- endfor -%}
    {%- set day_and_time -%}
        {{ any_of['y'] }} || '-'
        || case
            when {{ any_of['name'] }} = '' then {{ any_of['m'] }}
            else cast(list_position(
                ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
                lower(left({{ any_of['name'] }}, 3))
            ) as varchar)
        end || '-' || {{ any_of['d'] }} || ' '
        || case
            when part.hour = '' then '00'
            when part.half = '' then part.hour
            -- A clock of twelve hours: 12 AM is midnight, 12 PM noon, 13 PM nothing.
            when cast(part.hour as integer) between 1 and 12
                then cast(
                    cast(part.hour as integer) % 12
                    + case when lower(part.half) = 'p' then 12 else 0 end as varchar
                )
            else 'none'
        end
        || ':' || if(part.minute = '', '00', part.minute)
        || ':' || if(part.second = '', '00', part.second)
    {%- endset -%}
    list_transform(
        [regexp_extract({{ text }}, '{{ pattern }}', ['{{ groups | join("', '") }}'])],
        lambda part: case
            when part.serial <> ''
                then timestamp '1899-12-30'
                    + to_seconds(round(cast(part.serial as double) * 86400))
            else timezone(
                -- A placeholder far from today stays the day it says: it is no moment of any zone.
                case
                    when part.zone = '' or not regexp_matches({{ any_of['y'] }}, '^(?:19|20)')
                        then 'UTC'
                    else 'Europe/London'
                end,
                try_cast(
                    {{ day_and_time }}
                    || case
                        when regexp_matches({{ any_of['y'] }}, '^(?:19|20)')
                            and left(part.zone, 1) in ('+', '-')
                            then part.zone
                        else '+00'
                    end as timestamptz
                )
            )
        end
    )[1]
{%- endmacro %}

{#- The forms of a moment as one pattern, and the names of its groups in order. -#}
{% macro moment_forms() -%}
    {%- set month = '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?'
        ~ '|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)' -%}
    {%- set days = [
        ('(\\d{4})-(\\d{1,2})-(\\d{1,2})', 'y1 m1 d1'),
        ('(\\d{4})/(\\d{1,2})/(\\d{1,2})', 'y2 m2 d2'),
        ('(\\d{1,2})/(\\d{1,2})/(\\d{4})', 'd3 m3 y3'),
        ('(0001|1[6-9]\\d{2}|2\\d{3}|3000|4712|9999)(\\d{2})(\\d{2})', 'y4 m4 d4'),
        ('(\\d{1,2})(?:st|nd|rd|th)?(?: of)?[ ,/-]{0,2}' ~ month ~ '[ ,/-]{0,2}(\\d{4})', 'd5 name5 y5'),
        (month ~ '[ -](\\d{1,2})(?:st|nd|rd|th)?(?:, ?| |-)(\\d{4})', 'name6 d6 y6'),
        ('(\\d{4})[ /-]' ~ month ~ '[ /-](\\d{1,2})', 'y7 name7 d7'),
    ] -%}
    {%- set time = '(?:(?:, ?| |T)([01]?\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d)(?:[.,]\\d{1,9})?)?'
        ~ '(?: ?(Z|UTC|GMT|[+-](?:0\\d|1[0-4])(?::?[0-5]\\d)?)| ?([AP])M)?)?' -%}
    {%- set pattern = '(?i)^(?:(?:' ~ days | map('first') | join('|') ~ ')' ~ time
        ~ '|Excel day (\\d{3,7}(?:\\.\\d+)?))$' -%}
    {%- set groups = (days | map('last') | join(' ') ~ ' hour minute second zone half serial').split(' ') -%}
    {{- return((pattern, groups)) -}}
{%- endmacro %}

{% macro spark__read_timestamp(column) -%}
    {%- set time = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?' -%}
    case
        when regexp_like({{ column }}, r'^\d{4}-\d{2}-\d{2}(?:[ T]{{ time }})?\z')
            then try_cast({{ column }} as timestamp)
        when regexp_like({{ column }}, r'^\d{1,2}/\d{1,2}/\d{4}\z')
            then cast({{ spark__try_parse_date(column, ['%d/%m/%Y']) }} as timestamp)
        when {{ column }} is null or {{ column }} in ('', 'NULL') then null
        else {{ spark__read_rare_timestamp(strip_spaces(column)) }}
    end
{%- endmacro %}

{#- The session is in UTC, so that a moment with a zone is cast to UTC and then told on the clocks of the UK. -#}
{% macro spark__read_rare_timestamp(text) -%}
    {%- set pattern, groups = moment_forms() -%}
    {%- set part = {} -%}
    {%- for group in groups -%}
        {%- do part.update({
            group: 'regexp_extract(moment, ' ~ java_pattern(pattern) ~ ', ' ~ loop.index ~ ')'
        }) -%}
    {%- endfor -%}
    {%- set any_of = {} -%}
    {%- for letters in ['y', 'm', 'd', 'name'] -%}
        {%- set parts = [] -%}
        {%- for group in groups if group[:-1] == letters -%}
            {%- do parts.append(part[group]) -%}
        {%- endfor -%}
        {%- do any_of.update({letters: 'concat(' ~ parts | join(', ') ~ ')'}) -%}
    {%- endfor -%}
    transform(
        array({{ text }}),
        moment -> case
            when {{ part['serial'] }} <> ''
                then timestampadd(
                    second, cast(round(try_cast({{ part['serial'] }} as double) * 86400) as bigint),
                    timestamp '1899-12-30 00:00:00'
                )
            else case
                -- A placeholder far from today stays the day it says: it is no moment of any zone.
                when {{ part['zone'] }} = '' or not regexp_like({{ any_of['y'] }}, '^(?:19|20)')
                    then try_cast({{ spark__day_and_time(part, any_of) }} as timestamp)
                else from_utc_timestamp(
                    try_cast(
                        {{ spark__day_and_time(part, any_of) }}
                        || case
                            when left({{ part['zone'] }}, 1) in ('+', '-')
                                then regexp_replace({{ part['zone'] }}, r'^([+-]\d{2})(\d{2})\z', '$1:$2')
                            else '+00:00'
                        end as timestamp
                    ),
                    'Europe/London'
                )
            end
        end
    )[0]
{%- endmacro %}

{% macro spark__day_and_time(part, any_of) -%}
    lpad({{ any_of['y'] }}, 4, '0') || '-'
    || case
        when {{ any_of['name'] }} = '' then {{ any_of['m'] }}
        else cast(array_position(
            array('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'),
            lower(left({{ any_of['name'] }}, 3))
        ) as string)
    end || '-' || {{ any_of['d'] }} || ' '
    || case
        when {{ part['hour'] }} = '' then '00'
        when {{ part['half'] }} = '' then {{ part['hour'] }}
        when try_cast({{ part['hour'] }} as integer) between 1 and 12
            then cast(
                try_cast({{ part['hour'] }} as integer) % 12
                + case when lower({{ part['half'] }}) = 'p' then 12 else 0 end as string
            )
        else 'none'
    end
    || ':' || if({{ part['minute'] }} = '', '00', {{ part['minute'] }})
    || ':' || if({{ part['second'] }} = '', '00', {{ part['second'] }})
{%- endmacro %}
