-- The record-level lists DHSC returns to councils, from the optional folder dhsc_lists_path: one row
-- per measure, group and the council's person identifier. Empty without the folder.
with lists as (

    select *
    from {{ read_optional_csv(
        setting('dhsc_lists_path'),
        [
            'la_code', 'la_person_unique_identifier', 'measure', 'description', 'group',
            'numerator', 'denominator',
        ]
    ) }}

),

measures as (

    select * from {{ ref('dhsc_measures') }}

)

select
    trim(lists.la_code) as la_code,
    measures.measure,
    measures."group",
    lower(trim(lists.la_person_unique_identifier)) as la_person_key,
    max(trim(lists.la_person_unique_identifier)) as la_person_unique_identifier,
    cast(sum(coalesce(try_cast(lists.numerator as integer), 0)) as integer) as numerator,
    cast(sum(coalesce(try_cast(lists.denominator as integer), 0)) as integer) as denominator
from lists
inner join measures
    on
        lower(trim(lists."group")) = lower(measures."group")
        and (
            lower(trim(lists.measure)) = lower(measures.measure)
            or (
                lower(trim(lists.measure)) = lower(measures.dhsc_measure)
                and (
                    lower(trim(lists.description)) = lower(measures.description)
                    -- 3D: the description may be no more than its number, such as 1a.
                    or lower(left(trim(lists.description), 2)) = lower(right(measures.measure, 2))
                    or measures.measure in ('2A', '2B', '2C', '2E LD')
                )
            )
        )
where trim(lists.la_person_unique_identifier) != ''
group by
    trim(lists.la_code),
    measures.measure,
    measures."group",
    lower(trim(lists.la_person_unique_identifier))
