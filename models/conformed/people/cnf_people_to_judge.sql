-- Person records that only a person can judge: one row for each pair or problem, keys only.
with

people as (
    select * from {{ ref('cnf_people') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

nhs_numbers as (
    select * from {{ ref('cnf_nhs_numbers') }}
),

-- Names as people compare them: capitals, letters only.
compared as (
    select
        people.person_id,
        people.date_of_birth,
        nullif({{ letters_only("people.first_name || ' ' || people.last_name") }}, '') as full_name,
        postcodes.cld_value as postcode
    from people
    left join {{ ref('cnf_person_history') }} as postcodes
        on
            people.person_id = postcodes.person_id
            and postcodes.cld_field = 'Postcode'
            and coalesce(postcodes.end_date, date '9999-12-31')
            >= {{ date_setting('reporting_period_end') }}
            and postcodes.cld_value is not null
),

same_nhs_number as (
    select distinct
        'SAME_NHS_NUMBER' as finding,
        first_person.person_id,
        second_person.person_id as other_person_id
    from nhs_numbers as first_person
    inner join nhs_numbers as second_person
        on
            first_person.nhs_number = second_person.nhs_number
            and first_person.person_id < second_person.person_id
),

same_name_and_birth_date as (
    select distinct
        'SAME_NAME_AND_BIRTH_DATE' as finding,
        first_person.person_id,
        second_person.person_id as other_person_id
    from compared as first_person
    inner join compared as second_person
        on
            first_person.full_name = second_person.full_name
            and first_person.date_of_birth = second_person.date_of_birth
            and first_person.person_id < second_person.person_id
),

same_name_and_postcode as (
    select distinct
        'SAME_NAME_AND_POSTCODE' as finding,
        first_person.person_id,
        second_person.person_id as other_person_id
    from compared as first_person
    inner join compared as second_person
        on
            first_person.full_name = second_person.full_name
            and first_person.postcode = second_person.postcode
            and first_person.person_id < second_person.person_id
),

several_nhs_numbers as (
    select distinct
        'SEVERAL_NHS_NUMBERS' as finding,
        nhs_numbers.person_id,
        cast(null as varchar) as other_person_id
    from nhs_numbers
    where nhs_numbers.numbers_of_this_person > 1
),

unresolved_records as (
    select
        person_records.exclusion_code as finding,
        person_records.person_id,
        cast(null as varchar) as other_person_id
    from person_records
    where person_records.exclusion_code in ('DUPLICATE_PERSON', 'MERGE_CYCLE')
),

-- The record names a survivor but is not marked as merged: nothing is moved until somebody decides.
active_yet_merged as (
    select
        'ACTIVE_YET_MERGED' as finding,
        records.person_id,
        records.merged_into_person_id as other_person_id
    from {{ ref('stg_extracts__person') }} as records
    inner join person_records
        on
            records.person_id = person_records.person_id
            and person_records.effective_status = 'ACTIVE'
    where records.merged_into_person_id <> records.person_id
),

-- Dates of birth and death that say nothing: the cells of the return stay empty.
useless_dates as (
    select
        'PLACEHOLDER_BIRTH_DATE' as finding,
        people.person_id,
        cast(null as varchar) as other_person_id
    from people
    where people.is_placeholder_birth_date
    union all
    select
        'UNREADABLE_DATE' as finding,
        people.person_id,
        cast(null as varchar) as other_person_id
    from people
    where not {{ was_readable('people', ['date_of_birth', 'date_of_death']) }}
),

findings as (
    select * from same_nhs_number
    union all
    select * from same_name_and_birth_date
    union all
    select * from same_name_and_postcode
    union all
    select * from several_nhs_numbers
    union all
    select * from unresolved_records
    union all
    select * from active_yet_merged
    union all
    select * from useless_dates
)

select
    md5(concat_ws('|', findings.finding, findings.person_id, findings.other_person_id))
        as finding_id,
    findings.finding,
    findings.person_id,
    findings.other_person_id
from findings
