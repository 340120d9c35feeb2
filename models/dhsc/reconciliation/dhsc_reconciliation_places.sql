-- Where else a person stands who is on one side only of the comparison with DHSC's lists: under another
-- identifier of the same NHS number, in another group or in the other age band's measure. One row per
-- council, measure, group and identifier.
with

reconciled_people as (

    select * from {{ ref('dhsc_reconciled_people') }}
    where result != 'not compared'

),

people as (

    select * from {{ ref('ascof_people') }}
    where in_numerator or in_denominator

),

submitted_ids as (

    select distinct
        la_code,
        {{ trimmed('la_person_key') }} as la_person_key,
        der_nhs_la_combined_person_id
    from {{ ref('dhsc_cleaned_rows') }}
    where la_person_key is not null

),

listed as (

    select
        reconciled_people.result,
        reconciled_people.la_code,
        reconciled_people.measure,
        reconciled_people.group,
        reconciled_people.la_person_key,
        submitted_ids.der_nhs_la_combined_person_id
    from reconciled_people
    inner join submitted_ids
        on
            reconciled_people.la_code = submitted_ids.la_code
            and reconciled_people.la_person_key = submitted_ids.la_person_key

),

places as (

    select
        'ours' as side,
        people.la_code,
        people.measure,
        people.group,
        lower({{ trimmed('people.la_person_unique_identifier') }}) as la_person_key,
        people.der_nhs_la_combined_person_id
    from people
    union all
    select
        'theirs' as side,
        listed.la_code,
        listed.measure,
        listed.group,
        listed.la_person_key,
        listed.der_nhs_la_combined_person_id
    from listed
    where listed.result != 'only ours'

)

select
    listed.la_code,
    listed.measure,
    listed.group,
    listed.la_person_key,
    min(places.la_person_key) filter (
        where listed.measure = places.measure and listed.group = places.group
    ) as other_key,
    min(places.measure || ', ' || places.group) filter (
        where listed.measure != places.measure or listed.group != places.group
    ) as other_place
from listed
inner join places
    on
        listed.la_code = places.la_code
        and listed.der_nhs_la_combined_person_id = places.der_nhs_la_combined_person_id
        and places.side = case listed.result when 'only theirs' then 'ours' else 'theirs' end
        -- 2B and 2C, and 2E of both ages, share people out between them; Totals only with Totals.
        and (
            listed.measure = places.measure
            or (left(listed.measure, 2) in ('2B', '2C') and left(places.measure, 2) in ('2B', '2C'))
            or (
                listed.measure in ('2E 18-64', '2E 65+')
                and places.measure in ('2E 18-64', '2E 65+')
            )
        )
        and (
            listed.measure in ('2B', '2C')
            or (listed.group = 'Total') = (places.group = 'Total')
        )
        and (
            listed.measure != places.measure
            or listed.group != places.group
            or listed.la_person_key != places.la_person_key
        )
where listed.result in ('only ours', 'only theirs')
group by
    listed.la_code,
    listed.measure,
    listed.group,
    listed.la_person_key
