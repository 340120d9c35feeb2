-- Rows of the two latest submissions of a council that are the same event beyond doubt: most of them. Without
-- them the weaker keys of sub_paired_rows are compared for few rows only.
{%- set ways = [
    ('unchanged_key', 'nothing changed', false),
    ('reference_and_start_key', 'event reference, person, kind and start', false),
] %}
with

compared_rows as (

    select * from {{ ref('sub_compared_rows') }}

),

{{ pairing_steps('compared_rows', ways) }}

select
    found_pairs.council_code,
    found_pairs.new_row_id,
    found_pairs.old_row_id,
    found_pairs.paired_by
from found_pairs
where found_pairs.paired_by is not null
