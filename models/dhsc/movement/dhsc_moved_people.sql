-- People (2A: episodes) who count otherwise in a headline figure than before the latest submission, and
-- where those went or came from who changed group. One row per council, measure, group and person or
-- episode.
with

compared_people as (

    select * from {{ ref('dhsc_compared_people') }}

),

counted as (

    select
        compared_people.la_code,
        compared_people.measure,
        compared_people.group,
        compared_people.person_key,
        compared_people.episode,
        max(compared_people.la_person_unique_identifier) as la_person_unique_identifier,
        count(*) filter (where compared_people.side = 'earlier' and compared_people.in_numerator)
            as previous_numerator,
        count(*) filter (where compared_people.side = 'later' and compared_people.in_numerator)
            as numerator,
        count(*) filter (where compared_people.side = 'earlier' and compared_people.in_denominator)
            as previous_denominator,
        count(*) filter (where compared_people.side = 'later' and compared_people.in_denominator)
            as denominator,
        max(compared_people.detail) filter (where compared_people.side = 'earlier')
            as previous_detail,
        max(compared_people.detail) filter (where compared_people.side = 'later') as detail
    from compared_people
    group by
        compared_people.la_code,
        compared_people.measure,
        compared_people.group,
        compared_people.person_key,
        compared_people.episode

),

-- Measures that share people out between them: who leaves one may have gone to the other.
changed as (

    select
        counted.*,
        case
            when counted.measure in ('2B', '2C') then '2B and 2C'
            when counted.measure in ('2E 18-64', '2E 65+') then '2E'
            else counted.measure
        end as family,
        counted.measure || ', ' || counted.group as place,
        counted.previous_numerator + counted.previous_denominator > 0 as was_counted,
        counted.numerator + counted.denominator > 0 as is_counted
    from counted
    where
        counted.numerator != counted.previous_numerator
        or counted.denominator != counted.previous_denominator

)

select
    changed.la_code,
    changed.measure,
    changed.group,
    changed.person_key,
    changed.la_person_unique_identifier,
    changed.episode,
    cast(changed.previous_numerator as integer) as previous_numerator,
    cast(changed.numerator as integer) as numerator,
    cast(changed.previous_denominator as integer) as previous_denominator,
    cast(changed.denominator as integer) as denominator,
    changed.previous_detail,
    changed.detail,
    min(other_places.place) filter (where not changed.was_counted and not other_places.is_counted)
        as moved_from,
    min(other_places.place) filter (where not changed.is_counted and not other_places.was_counted)
        as moved_to
from changed
left join changed as other_places
    on
        changed.la_code = other_places.la_code
        and changed.family = other_places.family
        and changed.person_key = other_places.person_key
        and changed.episode = other_places.episode
        and changed.place != other_places.place
        and (changed.group = 'Total') = (other_places.group = 'Total')
group by
    changed.la_code,
    changed.measure,
    changed.group,
    changed.person_key,
    changed.la_person_unique_identifier,
    changed.episode,
    changed.previous_numerator,
    changed.numerator,
    changed.previous_denominator,
    changed.denominator,
    changed.previous_detail,
    changed.detail
