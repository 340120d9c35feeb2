{#- Queries (the last is found_pairs) that find for the rows of a relation shaped like sub_compared_rows their
    partners in the other file: a row for each pair, and one for each row without a partner (paired_by null).
    Each of `ways` is the key, words for the reader, and whether the key must be the only one of its kind left in
    each file. A way works on what those before it have left: a row that has met its partner is carried on with the
    key they share, so that every step reads the one before it once and no engine works a step out twice. -#}
{% macro pairing_steps(rows, ways) -%}
{%- set carried = ['council_code', 'side', 'row_id', 'row_number', 'start_text', 'end_text'] -%}
{%- set carried = carried + (['unchanged_key'] if ways[0][0] != 'unchanged_key' else []) -%}
left_by_none as (

    select
        {%- for column in carried + ways | map('first') | list %}
        {{ rows }}.{{ column }},
        {%- endfor %}
        cast(null as string) as paired_by,
        cast(null as string) as pairing_key,
        cast(null as bigint) as number_in_pairing_key
    from {{ rows }}

),
{% for key, paired_by, must_be_only_one in ways %}
{%- set before = 'left_by_none' if loop.first else 'left_by_' ~ ways[loop.index0 - 1][0] %}
offered_by_{{ key }} as (

    select
        {{ before }}.*,
        case when {{ before }}.paired_by is null then {{ before }}.{{ key }} end as offered_key
    from {{ before }}

),

numbered_by_{{ key }} as (

    select
        offered_by_{{ key }}.*,
        row_number() over (
            partition by
                offered_by_{{ key }}.council_code,
                offered_by_{{ key }}.side,
                offered_by_{{ key }}.offered_key
            order by
                offered_by_{{ key }}.start_text nulls last,
                offered_by_{{ key }}.end_text nulls last,
                offered_by_{{ key }}.unchanged_key nulls last,
                offered_by_{{ key }}.row_number
        ) as number_in_key,
        count(*) over (
            partition by
                offered_by_{{ key }}.council_code,
                offered_by_{{ key }}.side,
                offered_by_{{ key }}.offered_key
        ) as rows_of_key
    from offered_by_{{ key }}

),

met_by_{{ key }} as (

    select
        numbered_by_{{ key }}.*,
        numbered_by_{{ key }}.offered_key is not null
        and count(*) over (
            partition by
                numbered_by_{{ key }}.council_code,
                numbered_by_{{ key }}.offered_key,
                numbered_by_{{ key }}.number_in_key
        ) = 2
        {%- if must_be_only_one %}
        and max(numbered_by_{{ key }}.rows_of_key) over (
            partition by
                numbered_by_{{ key }}.council_code,
                numbered_by_{{ key }}.offered_key,
                numbered_by_{{ key }}.number_in_key
        ) = 1
        {%- endif %} as has_partner
    from numbered_by_{{ key }}

),

left_by_{{ key }} as (

    select
        {%- for column in carried + ways | map('first') | list %}
        met_by_{{ key }}.{{ column }},
        {%- endfor %}
        case
            when met_by_{{ key }}.has_partner then '{{ paired_by }}'
            else met_by_{{ key }}.paired_by
        end as paired_by,
        case
            when met_by_{{ key }}.has_partner then met_by_{{ key }}.offered_key
            else met_by_{{ key }}.pairing_key
        end as pairing_key,
        case
            when met_by_{{ key }}.has_partner then met_by_{{ key }}.number_in_key
            else met_by_{{ key }}.number_in_pairing_key
        end as number_in_pairing_key
    from met_by_{{ key }}

),
{% endfor %}
offered_rows as (

    select * from left_by_{{ ways[-1][0] }}

),

found_pairs as (

    select
        offered_rows.council_code,
        max(case when offered_rows.side = 'new' then offered_rows.row_id end) as new_row_id,
        max(case when offered_rows.side = 'old' then offered_rows.row_id end) as old_row_id,
        offered_rows.paired_by
    from offered_rows
    group by
        offered_rows.council_code,
        offered_rows.paired_by,
        offered_rows.pairing_key,
        offered_rows.number_in_pairing_key,
        case when offered_rows.paired_by is null then offered_rows.row_id end

)
{%- endmacro %}
