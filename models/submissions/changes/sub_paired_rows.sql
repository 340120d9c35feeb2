-- Rows of the two latest submissions of a council that are the same event, and those without a partner.
-- Each way of pairing works on what the surer ones before it have left: a row that has met its partner
-- is carried on with the key they share, so that every step reads the one before it once.
{#- The key of sub_compared_rows; words for the reader; whether the key must be the only one of its
    kind left in each file. #}
{%- set ways = [
    ('unchanged_key', 'nothing changed', false),
    ('reference_and_start_key', 'event reference, person, kind and start', false),
    ('kind_and_start_key', 'person, kind and start', false),
    ('reference_key', 'event reference and person', true),
    ('nhs_number_key', 'NHS number, kind and start', false),
    ('birth_and_reference_key', 'event reference, date of birth, kind and start', true),
    ('type_and_start_key', 'person, event type and start', true),
    ('kind_and_end_key', 'person, kind and end', true),
    ('open_service_key', 'person and kind of an open service', false),
] %}
{%- set carried = ['council_code', 'side', 'row_id', 'row_number', 'start_text', 'end_text'] %}
with

compared_rows as (

    select * from {{ ref('sub_compared_rows') }}

),

left_by_none as (

    select
        {%- for column in carried + ways | map('first') | list %}
        compared_rows.{{ column }},
        {%- endfor %}
        cast(null as string) as paired_by,
        cast(null as string) as pairing_key,
        cast(null as bigint) as number_in_pairing_key
    from compared_rows

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
paired_rows as (

    select * from left_by_{{ ways[-1][0] }}

)

select
    paired_rows.council_code,
    max(case when paired_rows.side = 'new' then paired_rows.row_id end) as new_row_id,
    max(case when paired_rows.side = 'old' then paired_rows.row_id end) as old_row_id,
    paired_rows.paired_by
from paired_rows
group by
    paired_rows.council_code,
    paired_rows.paired_by,
    paired_rows.pairing_key,
    paired_rows.number_in_pairing_key,
    case when paired_rows.paired_by is null then paired_rows.row_id end
