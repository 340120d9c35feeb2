-- The council's own identifiers of each person: the latest one, and all of them.
with

events as (

    select * from {{ ref('dhsc_events_joined') }}

),

id_rows as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        case
            when events.la_person_key not in ('unknown', {{ dhsc_value('invalid', 'key') }})
                then events.la_person_key
        end as la_person_key,
        events.la_person_unique_identifier,
        events.ref_period_end_date,
        coalesce(events.der_event_end_date, cast('9999-01-01' as date)) as end_date,
        events.event_start_date,
        count(*) over (
            partition by
                events.la_code,
                events.der_nhs_la_combined_person_id,
                events.la_person_key
        ) as id_rows
    from events

),

ranked as (

    select
        id_rows.*,
        rank() over (
            partition by id_rows.la_code, id_rows.der_nhs_la_combined_person_id
            order by
                case when id_rows.la_person_key is null then 1 else 0 end,
                id_rows.ref_period_end_date desc,
                id_rows.end_date desc,
                id_rows.event_start_date desc,
                id_rows.id_rows desc
        ) as latest_first
    from id_rows

),

latest_ids as (

    select
        ranked.la_code,
        ranked.der_nhs_la_combined_person_id,
        case
            when min(ranked.la_person_key) = max(ranked.la_person_key)
                then min(ranked.la_person_unique_identifier)
            else 'Unknown'
        end as la_person_unique_identifier_latest
    from ranked
    where ranked.latest_first = 1
    group by ranked.la_code, ranked.der_nhs_la_combined_person_id

),

distinct_ids as (

    select distinct
        events.la_code,
        events.der_nhs_la_combined_person_id,
        events.la_person_key
    from events

)

select
    latest_ids.la_code,
    latest_ids.der_nhs_la_combined_person_id,
    latest_ids.la_person_unique_identifier_latest,
    {{ joined_text('distinct_ids.la_person_key', "', '", 'distinct_ids.la_person_key') }}
        as la_person_unique_identifier_concat
from latest_ids
inner join distinct_ids
    on
        latest_ids.la_code = distinct_ids.la_code
        and latest_ids.der_nhs_la_combined_person_id = distinct_ids.der_nhs_la_combined_person_id
group by
    latest_ids.la_code,
    latest_ids.der_nhs_la_combined_person_id,
    latest_ids.la_person_unique_identifier_latest
