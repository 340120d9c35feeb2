-- The team that mends a record: its own, or for what is recorded of a person the one with the person's latest event.
{{ config(materialized='view') }}
with

records as (
    {% for model in ['cnf_requests', 'cnf_assessments', 'cnf_reviews'] %}
    select
        events.source_table,
        events.source_record_id,
        events.person_id,
        events.team_id,
        events.event_start_date
    from {{ ref(model) }} as events
    union all
    {% endfor %}
    select
        'service_line' as source_table,
        lines.line_id as source_record_id,
        lines.person_id,
        lines.team_id,
        lines.start_date as event_start_date
    from {{ ref('cnf_service_lines') }} as lines
),

-- Whose record is merged into nothing has no events of the return; whoever works with the person mends it.
without_survivor as (
    {% for extract, (key, day) in {
        'contact': ('contact_id', 'received_at'), 'assessment': ('assessment_id', 'started_at'),
        'review': ('review_id', 'started_at'), 'service_package': ('package_id', 'start_date'),
    }.items() %}
    {{ 'union all' if not loop.first }}
    select
        events.person_id,
        events.team_id,
        cast(events.{{ day }} as date) as event_start_date,
        events.{{ key }} as source_record_id
    from {{ ref('stg_extracts__' ~ extract) }} as events
    inner join {{ ref('cnf_person_records') }} as person_records
        on events.person_id = person_records.person_id
    where person_records.survivor_person_id is null
    {% endfor %}
),

events_of_people as (
    select
        records.person_id,
        records.team_id,
        records.event_start_date,
        records.source_record_id
    from records
    union all
    select * from without_survivor
),

teams_of_people as (
    select
        events_of_people.person_id,
        max_by(
            events_of_people.team_id,
            coalesce(cast(events_of_people.event_start_date as varchar), '') || events_of_people.source_record_id
        ) as team_id
    from events_of_people
    where events_of_people.team_id is not null
    group by events_of_people.person_id
),

of_people as (
    {% for extract, key in {
        'person': 'records.person_id', 'address': 'records.address_id',
        'relationship': 'records.relationship_id',
        'person_identifier': "'row ' || records.source_row",
        'gp_registration': "'row ' || records.source_row",
        'person_classification': "'row ' || records.source_row",
    }.items() %}
    {{ 'union all' if not loop.first }}
    select
        '{{ extract }}' as source_table,
        {{ key }} as source_record_id,
        records.person_id
    from {{ ref('stg_extracts__' ~ extract) }} as records
    {% endfor %}
)

select
    records.source_table,
    records.source_record_id,
    records.team_id
from records
union all
select
    'service_package' as source_table,
    lines.package_id as source_record_id,
    min(lines.team_id) as team_id
from {{ ref('cnf_service_lines') }} as lines
group by lines.package_id
union all
select
    of_people.source_table,
    of_people.source_record_id,
    teams_of_people.team_id
from of_people
left join {{ ref('cnf_person_records') }} as person_records
    on of_people.person_id = person_records.person_id
inner join teams_of_people
    on
        coalesce(person_records.survivor_person_id, of_people.person_id)
        = teams_of_people.person_id
