-- Our people behind the measures against the lists DHSC returned, person by person: agreed, different,
-- only ours, only theirs or not compared, with the likely reason. One row per council, measure, group and
-- person of the measures and councils DHSC sent lists for.
with

reconciled_people as (

    select * from {{ ref('dhsc_reconciled_people') }}

),

absence_reasons as (

    select * from {{ ref('dhsc_absence_reasons') }}

),

other_places as (

    select * from {{ ref('dhsc_reconciliation_places') }}

),

submitted_ids as (

    select distinct
        la_code,
        {{ trimmed('la_person_key') }} as la_person_key,
        der_nhs_la_combined_person_id
    from {{ ref('dhsc_cleaned_rows') }}
    where la_person_key is not null

),

kept_people as (

    select * from {{ ref('dhsc_person_details') }}

),

dropped_rows as (

    select
        cleaned_rows.la_code,
        {{ trimmed('cleaned_rows.la_person_key') }} as la_person_key,
        {{ joined_text('distinct dropped_rows.reason', "', '", 'dropped_rows.reason') }} as reasons
    from {{ ref('dhsc_dropped_rows') }} as dropped_rows
    inner join {{ ref('dhsc_cleaned_rows') }} as cleaned_rows
        on dropped_rows.row_id = cleaned_rows.row_id
    where dropped_rows.events_table = 'joined'
    group by cleaned_rows.la_code, {{ trimmed('cleaned_rows.la_person_key') }}

),

submitted_people as (

    select
        submitted_ids.la_code,
        submitted_ids.la_person_key,
        count(*) as people,
        count(kept_people.der_nhs_la_combined_person_id) as kept_people
    from submitted_ids
    left join kept_people
        on
            submitted_ids.la_code = kept_people.la_code
            and submitted_ids.der_nhs_la_combined_person_id
            = kept_people.der_nhs_la_combined_person_id
    group by submitted_ids.la_code, submitted_ids.la_person_key

)

select
    reconciled_people.la_code,
    reconciled_people.measure,
    reconciled_people.group,
    reconciled_people.la_person_unique_identifier,
    reconciled_people.result,
    reconciled_people.our_numerator,
    reconciled_people.our_denominator,
    reconciled_people.their_numerator,
    reconciled_people.their_denominator,
    case
        when reconciled_people.result = 'agreed' then null
        when reconciled_people.result = 'not compared' then reconciled_people.not_compared_because
        when
            reconciled_people.result = 'only theirs'
            and submitted_people.la_person_key is null
            then 'The identifier is in none of the submissions selected here'
        when reconciled_people.result = 'only theirs' and submitted_people.kept_people = 0
            then 'All rows of the person are dropped here: ' || coalesce(dropped_rows.reasons, '')
        when other_places.other_key is not null
            then case
                    when reconciled_people.result = 'only ours' then 'DHSC lists the person'
                    else 'Counted here'
                end
                || ' under another identifier of the same NHS number: ' || other_places.other_key
        when other_places.other_place is not null
            then case
                    when reconciled_people.result = 'only ours' then 'DHSC counts the person in '
                    else 'Counted here in '
                end
                || other_places.other_place || ': age, gender or support reason differ'
        when submitted_people.people > 1
            then 'Here the identifier stands for ' || submitted_people.people
                || ' people: the NHS number differs or is missing on some rows'
        when reconciled_people.result = 'only theirs' then absence_reasons.reason
        when
            reconciled_people.result = 'different'
            and reconciled_people.measure != '2A'
            and (
                reconciled_people.their_numerator > 1
                or (
                    reconciled_people.their_denominator > 1
                    and reconciled_people.measure not in ('2B', '2C')
                )
            )
            then 'DHSC lists the identifier more than once:'
                || ' to it these are several people, by the NHS number'
        when reconciled_people.result = 'only ours'
            then 'Here: ' || coalesce(reconciled_people.detail, 'in the measure')
                || '. Nothing here says why DHSC leaves the person out: it may have used an earlier'
                || ' file, a registered death or a traced NHS number'
        else 'Here: ' || coalesce(reconciled_people.detail, 'no detail')
            || coalesce('. DHSC: sequel type ' || reconciled_people.sequel_types, '')
            || '. DHSC may have used an earlier file or other details of the person'
    end as likely_reason
from reconciled_people
left join submitted_people
    on
        reconciled_people.la_code = submitted_people.la_code
        and reconciled_people.la_person_key = submitted_people.la_person_key
left join dropped_rows
    on
        reconciled_people.la_code = dropped_rows.la_code
        and reconciled_people.la_person_key = dropped_rows.la_person_key
left join other_places
    on
        reconciled_people.la_code = other_places.la_code
        and reconciled_people.measure = other_places.measure
        and reconciled_people.group = other_places.group
        and reconciled_people.la_person_key = other_places.la_person_key
left join absence_reasons
    on
        reconciled_people.la_code = absence_reasons.la_code
        and reconciled_people.measure = absence_reasons.measure
        and reconciled_people.group = absence_reasons.group
        and reconciled_people.la_person_key = absence_reasons.la_person_key
