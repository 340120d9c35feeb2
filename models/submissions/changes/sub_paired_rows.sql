-- Rows of the two latest submissions of a council that are the same event, and those without a partner.
-- Each way of pairing works on what the surer ones before it have left (pairing_steps).
{%- set ways = [
    ('kind_and_start_key', 'person, kind and start', false),
    ('reference_key', 'event reference and person', true),
    ('nhs_number_key', 'NHS number, kind and start', false),
    ('birth_and_reference_key', 'event reference, date of birth, kind and start', true),
    ('type_and_start_key', 'person, event type and start', true),
    ('kind_and_end_key', 'person, kind and end', true),
    ('open_service_key', 'person and kind of an open service', false),
] %}
with

compared_rows as (

    select * from {{ ref('sub_compared_rows') }}

),

surely_paired as (

    select * from {{ ref('sub_surely_paired_rows') }}

),

known_rows as (

    select surely_paired.new_row_id as row_id from surely_paired
    union all
    select surely_paired.old_row_id as row_id from surely_paired

),

rows_left as (

    select compared_rows.*
    from compared_rows
    left join known_rows on compared_rows.row_id = known_rows.row_id
    where known_rows.row_id is null

),

{{ pairing_steps('rows_left', ways) }}

select * from surely_paired
union all
select
    found_pairs.council_code,
    found_pairs.new_row_id,
    found_pairs.old_row_id,
    found_pairs.paired_by
from found_pairs
