-- NHS numbers recorded for each person, after merges, and the one that the return uses.
with

identifiers as (
    select * from {{ ref('stg_extracts__person_identifier') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

digits as (
    select
        person_records.survivor_person_id as person_id,
        identifiers.source_row,
        coalesce(identifiers.verified, false) as is_verified,
        identifiers.start_date,
        identifiers.end_date,
        {{ parse_nhs_number('identifiers.id_value') }} as nhs_number_as_recorded
    from identifiers
    inner join person_records
        on identifiers.person_id = person_records.person_id
    where
        identifiers.id_type = 'NHS'
        and person_records.survivor_person_id is not null
        and identifiers.id_value is not null
),

-- A spreadsheet eats a leading zero; it is put back only where that makes the number valid.
-- What is no number is kept in dq_unread_values.
padded as (
    select
        digits.*,
        case
            when
                length(digits.nhs_number_as_recorded) = 9
                and {{ nhs_number_is_valid("lpad(digits.nhs_number_as_recorded, 10, '0')") }}
                then lpad(digits.nhs_number_as_recorded, 10, '0')
            else digits.nhs_number_as_recorded
        end as nhs_number
    from digits
    where digits.nhs_number_as_recorded is not null
),

ranked as (
    select
        padded.person_id,
        padded.nhs_number,
        padded.source_row,
        padded.is_verified,
        {{ nhs_number_is_valid('padded.nhs_number') }} as is_valid,
        dense_rank() over (
            partition by padded.person_id
            order by
                padded.is_verified desc,
                {{ nhs_number_is_valid('padded.nhs_number') }} desc,
                (
                    padded.end_date is null
                    or padded.end_date >= {{ date_setting('reporting_period_end') }}
                ) desc,
                coalesce(padded.start_date, date '0001-01-01') desc
        ) as preference
    from padded
),

-- Two different numbers that nothing tells apart: none is chosen, and both are reported.
first_choices as (
    select
        ranked.person_id,
        count(distinct ranked.nhs_number) as numbers
    from ranked
    where ranked.preference = 1
    group by ranked.person_id
),

holders as (
    select
        ranked.nhs_number,
        count(distinct ranked.person_id) as people
    from ranked
    group by ranked.nhs_number
),

numbers_of_person as (
    select
        ranked.person_id,
        count(distinct ranked.nhs_number) as numbers
    from ranked
    group by ranked.person_id
)

select
    ranked.source_row,
    ranked.person_id,
    ranked.nhs_number,
    ranked.is_verified,
    ranked.is_valid,
    ranked.preference = 1 and first_choices.numbers = 1 as is_chosen,
    holders.people as people_with_this_number,
    numbers_of_person.numbers as numbers_of_this_person
from ranked
inner join first_choices
    on ranked.person_id = first_choices.person_id
inner join holders
    on ranked.nhs_number = holders.nhs_number
inner join numbers_of_person
    on ranked.person_id = numbers_of_person.person_id
