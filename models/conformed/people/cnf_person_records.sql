-- Every person record with the record that stands for the person after merges, or why none does.
with recursive

people as (
    select * from {{ ref('stg_extracts__person') }}
),

judged as (
    select
        people.person_id,
        people.merged_into_person_id,
        case
            when
                people.record_status = 'TEST'
                or {{ has_name_marker('test', 'people.forename', 'people.surname') }}
                then 'TEST'
            when people.record_status in ('MERGED', 'DUPLICATE') then people.record_status
            when {{ has_name_marker('duplicate', 'people.forename', 'people.surname') }}
                then 'DUPLICATE'
            when not {{ was_readable('people', ['record_status']) }} then 'UNREAD'
            else 'ACTIVE'
        end as effective_status
    from people
),

-- UNION, not UNION ALL: a circle of merges comes to rest instead of running for ever.
merge_steps as (
    select
        judged.person_id,
        judged.person_id as reached_person_id
    from judged
    union
    select
        merge_steps.person_id,
        judged.merged_into_person_id as reached_person_id
    from merge_steps
    inner join judged
        on
            merge_steps.reached_person_id = judged.person_id
            and judged.effective_status in ('MERGED', 'DUPLICATE')
            and judged.merged_into_person_id is not null
),

-- Where the chain ends: a record that is not itself merged away. A circle ends nowhere.
chain_ends as (
    select
        merge_steps.person_id,
        judged.person_id as end_person_id,
        judged.effective_status as end_status
    from merge_steps
    inner join judged
        on
            merge_steps.reached_person_id = judged.person_id
            and (
                judged.effective_status in ('ACTIVE', 'TEST', 'UNREAD')
                or judged.merged_into_person_id is null
            )
)

select
    judged.person_id,
    judged.effective_status,
    case when chain_ends.end_status = 'ACTIVE' then chain_ends.end_person_id end
        as survivor_person_id,
    case
        when chain_ends.end_status = 'TEST' then 'TEST_PERSON'
        when chain_ends.end_status = 'UNREAD' then 'UNKNOWN_STATUS'
        when chain_ends.end_status in ('DUPLICATE', 'MERGED') then 'DUPLICATE_PERSON'
        when chain_ends.end_status is null then 'MERGE_CYCLE'
    end as exclusion_code
from judged
left join chain_ends
    on judged.person_id = chain_ends.person_id
