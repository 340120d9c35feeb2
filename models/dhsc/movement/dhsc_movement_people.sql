-- Who moved each headline figure between the two latest submissions of a council, and the changed events
-- of the person that bear on it. One row per council, measure, group and person (2A: episode); the
-- changes of numerator and denominator add up to those of dhsc_measure_movement.
with

verdicts as (

    select * from {{ ref('dhsc_movement_verdicts') }}

),

moved_people as (

    select * from {{ ref('dhsc_moved_people') }}

),

changes as (

    select * from {{ ref('dhsc_movement_changes') }}

),

changes_of_people as (

    select
        changes.la_code,
        changes.measure,
        changes.person_key,
        count(*) as changed_events,
        count(changes.period_effect) as period_effects,
        {{ joined_text(
            "changes.change || ' ' || lower(coalesce(changes.event_type, 'row'))
            || coalesce(' ' || changes.event_reference, '')
            || coalesce(' of ' || cast(changes.event_start_date as string), '')
            || coalesce(' (' || coalesce(changes.period_effect, changes.fields_changed) || ')', '')",
            "'; '",
            'changes.event_start_date, changes.event_reference, changes.change_row_id'
        ) }} as changed_text,
        {{ joined_text(
            'changes.event_reference',
            "'; '",
            'changes.event_start_date, changes.event_reference, changes.change_row_id'
        ) }} as event_references
    from changes
    group by changes.la_code, changes.measure, changes.person_key

)

select
    moved_people.la_code,
    moved_people.measure,
    moved_people.group,
    moved_people.person_key as der_nhs_la_combined_person_id,
    moved_people.la_person_unique_identifier,
    moved_people.episode,
    case
        when
            moved_people.numerator > moved_people.previous_numerator
            and moved_people.denominator > moved_people.previous_denominator
            then 'joined numerator and denominator'
        when
            moved_people.numerator < moved_people.previous_numerator
            and moved_people.denominator < moved_people.previous_denominator
            then 'left numerator and denominator'
        when moved_people.denominator > moved_people.previous_denominator then 'joined denominator'
        when moved_people.denominator < moved_people.previous_denominator then 'left denominator'
        when moved_people.numerator > moved_people.previous_numerator then 'joined numerator'
        else 'left numerator'
    end as movement,
    moved_people.moved_from,
    moved_people.moved_to,
    moved_people.numerator - moved_people.previous_numerator as numerator_change,
    moved_people.denominator - moved_people.previous_denominator as denominator_change,
    moved_people.previous_detail,
    moved_people.detail,
    case
        when changes_of_people.changed_events > changes_of_people.period_effects
            then 'events changed'
        when changes_of_people.changed_events is not null
            then 'events left or entered the period'
        when coalesce(moved_people.moved_from, moved_people.moved_to) is not null
            then 'no event changed: the person moved to another group'
        when verdicts.period_end != verdicts.previous_period_end
            then 'no event changed: the period moved on'
        else 'no event of the two files changed'
    end as cause,
    cast(coalesce(changes_of_people.changed_events, 0) as integer) as changed_events,
    changes_of_people.event_references,
    changes_of_people.changed_text as changes
from moved_people
inner join verdicts
    on moved_people.la_code = verdicts.la_code
left join changes_of_people
    on
        moved_people.la_code = changes_of_people.la_code
        and moved_people.measure = changes_of_people.measure
        and moved_people.person_key = changes_of_people.person_key
