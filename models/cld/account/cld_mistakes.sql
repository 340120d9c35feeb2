-- Requests, assessments, services and reviews that a mistake leaves out of the return, and people whose record is
-- merged into nothing, so that all of theirs is left out. What nobody could read is in cld_unread_cells.
with

exclusions as (
    select * from {{ ref('cld_exclusions') }}
),

reasons as (
    select * from {{ ref('exclusion_reasons') }}
    where is_mistake
),

people_with_events as (
    {% for events in [
        'stg_extracts__contact', 'stg_extracts__assessment', 'stg_extracts__review', 'stg_extracts__service_package',
    ] %}
    select records.person_id from {{ ref(events) }} as records
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
-- Of a person the record is named once, and not every event that goes with it.
where
    people_with_events.person_id is not null
    or exclusions.reason_code not in (
        select of_people.reason_code from exclusions as of_people
        where of_people.source_table = 'person'
    )
