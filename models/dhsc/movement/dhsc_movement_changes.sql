-- The changed events that can move a person's place in a headline figure: one row per council, measure,
-- person and changed event. Which events and fields bear on which measure stands in the seeds
-- dhsc_movement_events and dhsc_movement_fields.
with

moved_people as (

    select distinct
        la_code,
        measure,
        person_key
    from {{ ref('dhsc_moved_people') }}

),

compared_people as (

    select * from {{ ref('dhsc_compared_people') }}

),

changes as (

    select
        *,
        coalesce(row_id, previous_row_id) as change_row_id
    from {{ ref('sub_changes') }}
    -- Rows without an event count in no figure.
    where event_type is not null

),

measured_events as (

    select * from {{ ref('dhsc_movement_events') }}

),

measured_fields as (

    select * from {{ ref('dhsc_movement_fields') }}

),

-- An event that was added or removed bears by its kind, one that changed by a field that changed.
bearing as (

    select distinct
        measured_events.measure,
        changes.la_code,
        changes.change_row_id
    from changes
    inner join measured_events
        on
            lower(coalesce(changes.client_type, '')) like measured_events.client_type_like
            and lower(coalesce(changes.service_type, '')) like measured_events.service_type_like
    left join measured_fields
        on
            measured_events.measure = measured_fields.measure
            and ', ' || changes.fields_changed || ',' like '%, ' || measured_fields.field || ',%'
    where changes.fields_changed is null or measured_fields.field is not null
    union
    select distinct
        measured_fields.measure,
        changes.la_code,
        changes.change_row_id
    from changes
    inner join measured_fields
        on
            measured_fields.on_any_event
            and ', ' || changes.fields_changed || ',' like '%, ' || measured_fields.field || ',%'

),

-- Every name a person goes by in either state.
person_names as (

    select distinct
        compared_people.la_code,
        compared_people.person_key,
        compared_people.der_nhs_la_combined_person_id as person_name
    from compared_people
    union
    select distinct
        compared_people.la_code,
        compared_people.person_key,
        lower(compared_people.la_person_unique_identifier) as person_name
    from compared_people
    where lower(compared_people.la_person_unique_identifier) != 'unknown'

),

change_names as (

    select
        changes.la_code,
        changes.change_row_id,
        {{ dhsc_key('changes.la_person_unique_identifier') }} as person_name
    from changes
    union
    select
        changes.la_code,
        changes.change_row_id,
        changes.la_code || '_' || {{ dhsc_key('changes.la_person_unique_identifier') }}
            as person_name
    from changes
    union
    select
        changes.la_code,
        changes.change_row_id,
        replace({{ dhsc_key('changes.nhs_number') }}, ' ', '') as person_name
    from changes

)

select distinct
    moved_people.la_code,
    moved_people.measure,
    moved_people.person_key,
    change_names.change_row_id,
    changes.change,
    changes.event_type,
    changes.event_reference,
    coalesce(changes.event_start_date, changes.previous_event_start_date) as event_start_date,
    changes.fields_changed,
    changes.period_effect
from moved_people
inner join person_names
    on
        moved_people.la_code = person_names.la_code
        and moved_people.person_key = person_names.person_key
inner join change_names
    on
        person_names.la_code = change_names.la_code
        and person_names.person_name = change_names.person_name
inner join changes
    on
        change_names.la_code = changes.la_code
        and change_names.change_row_id = changes.change_row_id
inner join bearing
    on
        changes.la_code = bearing.la_code
        and changes.change_row_id = bearing.change_row_id
        and moved_people.measure = bearing.measure
