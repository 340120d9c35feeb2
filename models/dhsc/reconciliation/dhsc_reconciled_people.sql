-- Our people behind the measures matched with the lists DHSC returned, by the council's identifier: one
-- row per council, measure, group and identifier, of the measures and groups DHSC sent lists for.
with

returned_lists as (

    select * from {{ ref('dhsc_returned_lists') }}

),

people as (

    select * from {{ ref('ascof_people') }}

),

listed_people as (

    select * from returned_lists
    where not_compared_because is null

),

listed_measures as (

    select distinct
        listed_people.la_code,
        listed_people.measure,
        listed_people.group
    from listed_people

),

our_people as (

    select
        people.la_code,
        people.measure,
        people.group,
        lower({{ trimmed('people.la_person_unique_identifier') }}) as la_person_key,
        max(people.la_person_unique_identifier) as la_person_unique_identifier,
        cast(count(*) filter (where people.in_numerator) as integer) as numerator,
        -- 2B and 2C: the denominator is the population, so the list says nothing of it.
        cast(
            count(*) filter (where people.in_denominator or people.measure in ('2B', '2C'))
            as integer
        ) as denominator,
        {{ joined_text('distinct people.detail', "'; '", 'people.detail') }} as detail
    from people
    inner join listed_measures
        on
            people.la_code = listed_measures.la_code
            and people.measure = listed_measures.measure
            and people.group = listed_measures.group
    where people.in_numerator or people.in_denominator
    group by
        people.la_code,
        people.measure,
        people.group,
        lower({{ trimmed('people.la_person_unique_identifier') }})

)

select
    coalesce(our_people.la_code, listed_people.la_code) as la_code,
    coalesce(our_people.measure, listed_people.measure) as measure,
    coalesce(our_people.group, listed_people.group) as {{ adapter.quote('group') }},
    coalesce(our_people.la_person_key, listed_people.la_person_key) as la_person_key,
    coalesce(our_people.la_person_unique_identifier, listed_people.la_person_unique_identifier)
        as la_person_unique_identifier,
    case
        when listed_people.measure is null then 'only ours'
        when our_people.measure is null then 'only theirs'
        when
            our_people.numerator = listed_people.numerator
            and (
                our_people.denominator = listed_people.denominator
                or our_people.measure in ('2B', '2C')
            )
            then 'agreed'
        else 'different'
    end as result,
    our_people.numerator as our_numerator,
    our_people.denominator as our_denominator,
    listed_people.numerator as their_numerator,
    listed_people.denominator as their_denominator,
    our_people.detail,
    listed_people.sequel_types,
    cast(null as string) as not_compared_because
from our_people
full outer join listed_people
    on
        our_people.la_code = listed_people.la_code
        and our_people.measure = listed_people.measure
        and our_people.group = listed_people.group
        and our_people.la_person_key = listed_people.la_person_key
union all
select
    returned_lists.la_code,
    returned_lists.measure,
    returned_lists.group,
    returned_lists.la_person_key,
    returned_lists.la_person_unique_identifier,
    'not compared' as result,
    cast(null as integer) as our_numerator,
    cast(null as integer) as our_denominator,
    returned_lists.numerator as their_numerator,
    returned_lists.denominator as their_denominator,
    cast(null as string) as detail,
    returned_lists.sequel_types,
    returned_lists.not_compared_because
from returned_lists
where returned_lists.not_compared_because is not null
