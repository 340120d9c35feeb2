-- Requests, assessments, services and reviews that a mistake leaves out of the return, and people whose record is merged
-- into nothing, so that all of theirs is left out. What nobody could read is in cld_unread_cells.
with

exclusions as (
    select * from {{ ref('cld_exclusions') }}
),

reasons as (
    select * from {{ ref('exclusion_reasons') }}
    where is_mistake
),

people_with_events as (
    {% for extract in ['contact', 'assessment', 'review', 'service_package'] %}
    select records.person_id from {{ ref('stg_extracts__' ~ extract) }} as records
    {% if not loop.last %}union{% endif %}
    {% endfor %}
)

select
    exclusions.source_table,
    exclusions.source_record_id,
    exclusions.reason_code,
    exclusions.reason
from exclusions
inner join reasons
    on exclusions.reason_code = reasons.reason_code
left join people_with_events
    on
        exclusions.source_table = 'person'
        and exclusions.source_record_id = people_with_events.person_id
-- Of a person the record is named once, and not every event.
where
    people_with_events.person_id is not null
    or (
        exclusions.source_table in ('contact', 'assessment', 'review', 'service_line')
        and exclusions.reason_code not in ('DUPLICATE_PERSON', 'MERGE_CYCLE')
    )
