-- References between the extracts that are not written as the key they mean: other capitals, spaces or leading
-- zeros, or pointing at nothing. One row an extract, column and spelling; usually few.
{{ config(materialized='table') }}
{% set targets = {
    'person': {'merged_into_person_id': 'person'},
    'person_identifier': {'person_id': 'person'},
    'address': {'person_id': 'person'},
    'gp_registration': {'person_id': 'person'},
    'person_classification': {'person_id': 'person'},
    'relationship': {'person_id': 'person', 'related_person_id': 'person'},
    'contact': {'person_id': 'person', 'team_id': 'team'},
    'assessment': {'person_id': 'person', 'contact_id': 'contact', 'team_id': 'team'},
    'review': {'person_id': 'person', 'package_id': 'service_package', 'team_id': 'team'},
    'service_package': {'person_id': 'person', 'team_id': 'team'},
    'service_line': {
        'package_id': 'service_package', 'provider_id': 'provider', 'previous_line_id': 'service_line',
    },
    'rate': {'line_id': 'service_line'},
} %}
{% set keys = {
    'person': 'person_id',
    'team': 'team_id',
    'contact': 'contact_id',
    'service_package': 'package_id',
    'provider': 'provider_id',
    'service_line': 'line_id',
} %}
with

used as (
    {% for source_table, columns in targets.items() %}
    {% set table_loop = loop %}
    {% for column, target in columns.items() %}
    select
        '{{ source_table }}' as source_table,
        '{{ column }}' as source_column,
        '{{ target }}' as target_table,
        {{ clean_key('spellings.spelling') }} as written_key,
        spellings.record_count
    from (
        select
            records.{{ column }} as spelling,
            count(*) as record_count
        from {{ source('extracts', source_table) }} as records
        group by records.{{ column }}
    ) as spellings
    {% if not (table_loop.last and loop.last) %}union all{% endif %}
    {% endfor %}
    {% endfor %}
),

filled as (
    select
        used.source_table,
        used.source_column,
        used.target_table,
        used.written_key,
        sum(used.record_count) as record_count,
        sum(sum(used.record_count)) over (
            partition by used.source_table, used.source_column
        ) as filled_count
    from used
    where used.written_key is not null
    group by used.source_table, used.source_column, used.target_table, used.written_key
),

keys as (
    {% for target, key in keys.items() %}
    select
        '{{ target }}' as target_table,
        {{ clean_key('records.' ~ key) }} as own_key
    from {{ source('extracts', target) }} as records
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

differing as (
    select filled.*
    from filled
    left join keys
        on
            filled.target_table = keys.target_table
            and filled.written_key = keys.own_key
    where keys.own_key is null
),

-- Two keys of one extract that differ in nothing else stay two: nobody can say which is meant.
comparable as (
    select
        keys.target_table,
        {{ comparable_key('keys.own_key') }} as compared_key,
        min(keys.own_key) as own_key
    from keys
    where exists (select 1 from differing)
    group by keys.target_table, {{ comparable_key('keys.own_key') }}
    having count(*) = 1
)

select
    differing.source_table,
    differing.source_column,
    differing.target_table,
    differing.written_key,
    comparable.own_key as referred_key,
    cast(differing.record_count as integer) as record_count,
    cast(differing.filled_count as integer) as filled_count
from differing
left join comparable
    on
        differing.target_table = comparable.target_table
        and {{ comparable_key('differing.written_key') }} = comparable.compared_key
