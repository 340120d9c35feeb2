-- The people (2A: episodes) behind the headline figures of both states, later and earlier, each person
-- under one key: whose NHS number changed is found again by the council's identifier. One row per state,
-- council, measure, group and person or episode.
with

verdicts as (

    select * from {{ ref('dhsc_movement_verdicts') }}
    where is_compared

),

people as (

    select * from {{ ref('dhsc_headline_people') }}

),

earlier_people as (

    select * from {{ ref('dhsc_earlier_people') }}

),

both_states as (

    select
        people.la_code,
        people.measure,
        people.group,
        people.der_nhs_la_combined_person_id,
        people.la_person_unique_identifier,
        people.episode,
        people.in_numerator,
        people.in_denominator,
        people.detail,
        'later' as side
    from people
    inner join verdicts
        on people.la_code = verdicts.la_code
    union all
    select
        earlier_people.la_code,
        earlier_people.measure,
        earlier_people.group,
        earlier_people.der_nhs_la_combined_person_id,
        earlier_people.la_person_unique_identifier,
        earlier_people.episode,
        earlier_people.in_numerator,
        earlier_people.in_denominator,
        earlier_people.detail,
        'earlier' as side
    from earlier_people
    inner join verdicts
        on
            earlier_people.la_code = verdicts.la_code
            and earlier_people.for_submission_id = verdicts.previous_submission_id

),

identities as (

    select
        both_states.la_code,
        both_states.der_nhs_la_combined_person_id,
        min(both_states.side) = 'earlier' as is_in_earlier,
        max(both_states.side) = 'later' as is_in_later,
        -- DHSC calls the identifier Unknown where a person's latest rows disagree.
        max(nullif(lower(both_states.la_person_unique_identifier), 'unknown')) as la_person_key
    from both_states
    group by both_states.la_code, both_states.der_nhs_la_combined_person_id

),

-- Known only before and known only now, with one council identifier between them: one person.
renamed as (

    select
        earlier_identities.la_code,
        earlier_identities.der_nhs_la_combined_person_id as earlier_id,
        min(later_identities.der_nhs_la_combined_person_id) as later_id
    from identities as earlier_identities
    inner join identities as later_identities
        on
            earlier_identities.la_code = later_identities.la_code
            and earlier_identities.la_person_key = later_identities.la_person_key
    where not earlier_identities.is_in_later and not later_identities.is_in_earlier
    group by earlier_identities.la_code, earlier_identities.der_nhs_la_combined_person_id
    having count(*) = 1

)

select
    both_states.side,
    both_states.la_code,
    both_states.measure,
    both_states.group,
    both_states.der_nhs_la_combined_person_id,
    coalesce(renamed.later_id, both_states.der_nhs_la_combined_person_id) as person_key,
    both_states.la_person_unique_identifier,
    both_states.episode,
    both_states.in_numerator,
    both_states.in_denominator,
    both_states.detail
from both_states
left join renamed
    on
        both_states.la_code = renamed.la_code
        and both_states.der_nhs_la_combined_person_id = renamed.earlier_id
        and both_states.side = 'earlier'
