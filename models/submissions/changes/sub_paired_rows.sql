-- Rows of the two latest submissions of a council that are the same event, and those without a partner.
-- Each way of pairing works on what the surer ones before it have left.
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
with

unpaired_rows as (

    select * from {{ ref('sub_compared_rows') }}

),
{% for key, paired_by, must_be_only_one in ways %}
{%- set rows_left = 'unpaired_rows' if loop.first else 'left_by_' ~ ways[loop.index0 - 1][0] %}
numbered_by_{{ key }} as materialized (

    select
        {{ rows_left }}.council_code,
        {{ rows_left }}.side,
        {{ rows_left }}.row_id,
        {{ rows_left }}.{{ key }} as pairing_key,
        row_number() over (
            partition by
                {{ rows_left }}.council_code,
                {{ rows_left }}.side,
                {{ rows_left }}.{{ key }}
            order by
                {{ rows_left }}.start_text,
                {{ rows_left }}.end_text nulls last,
                {{ rows_left }}.unchanged_key,
                {{ rows_left }}.row_number
        ) as number_in_key,
        count(*) over (
            partition by
                {{ rows_left }}.council_code,
                {{ rows_left }}.side,
                {{ rows_left }}.{{ key }}
        ) as rows_of_key
    from {{ rows_left }}
    where {{ rows_left }}.{{ key }} is not null

),

pairs_by_{{ key }} as materialized (

    select
        new_rows.council_code,
        new_rows.row_id as new_row_id,
        old_rows.row_id as old_row_id,
        '{{ paired_by }}' as paired_by
    from numbered_by_{{ key }} as new_rows
    inner join numbered_by_{{ key }} as old_rows
        on
            new_rows.council_code = old_rows.council_code
            and new_rows.pairing_key = old_rows.pairing_key
            and new_rows.number_in_key = old_rows.number_in_key
    where
        new_rows.side = 'new'
        and old_rows.side = 'old'
        {%- if must_be_only_one %}
        and new_rows.rows_of_key = 1
        and old_rows.rows_of_key = 1
        {%- endif %}

),

left_by_{{ key }} as materialized (

    select {{ rows_left }}.*
    from {{ rows_left }}
    where
        {{ rows_left }}.row_id not in (
            select pairs_by_{{ key }}.new_row_id from pairs_by_{{ key }}
            union all
            select pairs_by_{{ key }}.old_row_id from pairs_by_{{ key }}
        )

),
{% endfor %}
all_pairs as (
    {% for key, paired_by, must_be_only_one in ways %}
    select * from pairs_by_{{ key }}
    union all
    {%- endfor %}
    select
        alone.council_code,
        case when alone.side = 'new' then alone.row_id end as new_row_id,
        case when alone.side = 'old' then alone.row_id end as old_row_id,
        cast(null as string) as paired_by
    from left_by_{{ ways[-1][0] }} as alone

)

select
    all_pairs.council_code,
    all_pairs.new_row_id,
    all_pairs.old_row_id,
    all_pairs.paired_by
from all_pairs
