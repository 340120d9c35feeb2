-- Our people behind the measures against the lists DHSC returned, person by person: agreed, different,
-- only ours or only theirs, with the likely reason. One row per council, measure, group and person of
-- the measures and councils DHSC sent lists for.
with returned_lists as (

    select * from {{ ref('dhsc_returned_lists') }}

),

people as (

    select * from {{ ref('ascof_people') }}

),

submitted_rows as (

    select * from {{ ref('dhsc_cleaned_rows') }}

),

dropped_rows as (

    select * from {{ ref('dhsc_dropped_rows') }}
    where events_table = 'joined' and reason not in ('duplicate', 'in_later_submission')

),

listed_measures as (

    select distinct
        returned_lists.la_code,
        returned_lists.measure,
        returned_lists."group"
    from returned_lists

),

our_people as (

    select
        people.la_code,
        people.measure,
        people."group",
        lower(people.la_person_unique_identifier) as la_person_key,
        max(people.la_person_unique_identifier) as la_person_unique_identifier,
        cast(count(*) filter (where people.in_numerator) as integer) as numerator,
        cast(
            count(*) filter (where people.in_denominator or people.measure in ('2B', '2C'))
            as integer
        ) as denominator,
        max(people.detail) as detail
    from people
    inner join listed_measures
        on
            people.la_code = listed_measures.la_code
            and people.measure = listed_measures.measure
            and people."group" = listed_measures."group"
    where people.in_numerator or people.in_denominator
    group by
        people.la_code,
        people.measure,
        people."group",
        lower(people.la_person_unique_identifier)

),

submitted_people as (

    select
        submitted_rows.la_code,
        submitted_rows.la_person_key,
        count(*) as submitted_rows,
        count(dropped_rows.row_id) as dropped_rows,
        min(dropped_rows.reason) as dropped_reason
    from submitted_rows
    left join dropped_rows
        on submitted_rows.row_id = dropped_rows.row_id
    where submitted_rows.la_person_key is not null
    group by submitted_rows.la_code, submitted_rows.la_person_key

),

other_groups as (

    select
        people.la_code,
        people.measure,
        lower(people.la_person_unique_identifier) as la_person_key,
        min(people."group") as other_group
    from people
    group by people.la_code, people.measure, lower(people.la_person_unique_identifier)

),

matched as (

    select
        coalesce(our_people.la_code, returned_lists.la_code) as la_code,
        coalesce(our_people.measure, returned_lists.measure) as measure,
        coalesce(our_people."group", returned_lists."group") as "group",
        coalesce(our_people.la_person_key, returned_lists.la_person_key) as la_person_key,
        coalesce(
            our_people.la_person_unique_identifier, returned_lists.la_person_unique_identifier
        ) as la_person_unique_identifier,
        our_people.numerator as our_numerator,
        our_people.denominator as our_denominator,
        returned_lists.numerator as their_numerator,
        returned_lists.denominator as their_denominator,
        our_people.detail,
        case
            when returned_lists.la_person_key is null then 'only ours'
            when our_people.la_person_key is null then 'only theirs'
            when our_people.numerator = returned_lists.numerator
                and (
                    our_people.denominator = returned_lists.denominator
                    -- 2B and 2C: the denominator is the population, not people.
                    or our_people.measure in ('2B', '2C')
                )
                then 'agreed'
            else 'different'
        end as result
    from our_people
    full outer join returned_lists
        on
            our_people.la_code = returned_lists.la_code
            and our_people.measure = returned_lists.measure
            and our_people."group" = returned_lists."group"
            and our_people.la_person_key = returned_lists.la_person_key

)

select
    matched.la_code,
    matched.measure,
    matched."group",
    matched.la_person_unique_identifier,
    matched.result,
    matched.our_numerator,
    matched.our_denominator,
    matched.their_numerator,
    matched.their_denominator,
    case
        when matched.result = 'agreed' then null
        when matched.result = 'only ours'
            then 'Here: ' || coalesce(matched.detail, 'in the measure')
                || '. DHSC may have used an earlier file, a registered death or another NHS number'
        when matched.result = 'different'
            then 'Here: ' || coalesce(matched.detail, 'no detail')
                || '. DHSC may have used an earlier file or other details of the person'
        when submitted_people.la_person_key is null
            then 'The identifier is in none of the submissions selected here'
        when submitted_people.dropped_rows = submitted_people.submitted_rows
            then 'All rows of the person are dropped here: ' || submitted_people.dropped_reason
        when other_groups.la_person_key is not null
            then 'Counted here in the group ' || other_groups.other_group
                || ': age, gender or identifier differ'
        else 'In the submissions but not in the measure here'
    end as likely_reason
from matched
left join submitted_people
    on
        matched.la_code = submitted_people.la_code
        and matched.la_person_key = submitted_people.la_person_key
left join other_groups
    on
        matched.la_code = other_groups.la_code
        and matched.measure = other_groups.measure
        and matched.la_person_key = other_groups.la_person_key
