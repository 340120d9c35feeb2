-- People, relationships and dated values whose columns contradict each other, or the person that they name.
{{ config(materialized='view') }}
{%- set period = [date_setting('reporting_period_start'), date_setting('reporting_period_end')] %}
{#- Of fewer pairs that care for each other, most may do so by chance. -#}
{%- set least_mutual_pairs = 10 %}
with

returned as (
    select * from {{ ref('cld_returned_records') }}
),

people_in_return as (
    select distinct rows_of_return.person_id
    from {{ ref('cld_rows') }} as rows_of_return
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

people as (
    select * from {{ ref('stg_extracts__person') }}
),

survivors as (
    select * from {{ ref('cnf_people') }}
),

relationships as (
    select * from {{ ref('stg_extracts__relationship') }}
),

carer_links as (
    select * from {{ ref('cnf_carer_links') }}
),

-- What ends the day before it begins never held: so systems note it. Earlier than that, one day is wrong.
dated_records as (
    {% for table, key in {
        'address': 'records.address_id', 'gp_registration': "'row ' || records.source_row",
        'person_classification': "'row ' || records.source_row",
    }.items() %}
    select
        '{{ table }}' as source_table,
        {{ key }} as source_record_id,
        records.person_id,
        records.start_date,
        records.end_date
    from {{ ref('stg_extracts__' ~ table) }} as records
    union all
    {% endfor %}
    select
        'relationship' as source_table,
        relationships.relationship_id as source_record_id,
        relationships.related_person_id as person_id,
        relationships.start_date,
        relationships.end_date
    from relationships
    where relationships.is_unpaid_carer
),

dates_reversed as (
    select
        dated_records.source_table,
        dated_records.source_record_id,
        'end_date lies before start_date; it counts on no day' as contradiction
    from dated_records
    inner join person_records
        on dated_records.person_id = person_records.person_id
    inner join people_in_return
        on person_records.survivor_person_id = people_in_return.person_id
    where
        dated_records.end_date < dated_records.start_date - 1
        and dated_records.start_date >= {{ period[0] }}
        and dated_records.end_date <= {{ period[1] }}
),

merged_yet_active as (
    select
        'person' as source_table,
        people.person_id as source_record_id,
        'record_status says active, merged_into_person_id that it is merged; the return has it as a person of its own'
            as contradiction
    from people
    inner join people_in_return
        on people.person_id = people_in_return.person_id
    where
        people.record_status = 'ACTIVE'
        and people.merged_into_person_id <> people.person_id
),

born_twice as (
    select
        'person' as source_table,
        people.person_id as source_record_id,
        'date_of_birth is not what birth_day, birth_month and birth_year say; the return has date_of_birth'
            as contradiction
    from people
    inner join people_in_return
        on people.person_id = people_in_return.person_id
    inner join survivors
        on people.person_id = survivors.person_id
    where
        survivors.birth_date_basis = 'date_of_birth'
        and (
            people.birth_year <> year(people.date_of_birth)
            or people.birth_month <> month(people.date_of_birth)
            or people.birth_day <> day(people.date_of_birth)
        )
),

-- Two records of one person may have one of the two wrong, hardly both.
numbers_of_records as (
    select
        identifiers.person_id,
        {{ parse_nhs_number('identifiers.id_value') }} as nhs_number
    from {{ ref('stg_extracts__person_identifier') }} as identifiers
    where identifiers.id_type = 'NHS'
),

-- Of a record that was born on another day than its survivor, the numbers that the survivor has not.
numbers_of_others as (
    select
        people.person_id,
        own_numbers.nhs_number
    from people
    inner join person_records
        on people.person_id = person_records.person_id
    inner join people_in_return
        on person_records.survivor_person_id = people_in_return.person_id
    inner join survivors
        on person_records.survivor_person_id = survivors.person_id
    inner join numbers_of_records as own_numbers
        on people.person_id = own_numbers.person_id
    inner join numbers_of_records as numbers_of_survivor
        on survivors.person_id = numbers_of_survivor.person_id
    where
        people.person_id <> survivors.person_id
        and people.date_of_birth <> survivors.date_of_birth
    group by
        people.person_id,
        own_numbers.nhs_number
    having bool_and(own_numbers.nhs_number <> numbers_of_survivor.nhs_number)
),

merged_into_others as (
    select distinct
        'person' as source_table,
        numbers_of_others.person_id as source_record_id,
        'it is merged into a record of another date of birth and another NHS number; the return has both as one person'
            as contradiction
    from numbers_of_others
),

carers_of_themselves as (
    select
        'relationship' as source_table,
        relationships.relationship_id as source_record_id,
        'person_id and related_person_id are one person, who is called the unpaid carer; it is left out'
            as contradiction
    from relationships
    where
        relationships.is_unpaid_carer
        and relationships.person_id = relationships.related_person_id
        and coalesce(relationships.start_date <= {{ period[1] }}, true)
        and coalesce(relationships.end_date >= {{ period[0] }}, true)
),

-- Two people may care for each other. Where most do, the flag says of a relationship that somebody cares, not who.
pairs as (
    select
        min(relationships.relationship_id) as relationship_id,
        bool_and(coalesce(relationships.is_unpaid_carer, false)) as is_mutual
    from relationships
    group by
        least(relationships.person_id, relationships.related_person_id),
        greatest(relationships.person_id, relationships.related_person_id)
    having
        count(distinct relationships.person_id) = 2
        and bool_or(relationships.is_unpaid_carer)
),

carers_of_each_other as (
    select
        'relationship' as source_table,
        min(pairs.relationship_id) filter (where pairs.is_mutual) as source_record_id,
        'is_unpaid_carer says of ' || count(*) filter (where pairs.is_mutual) || ' of ' || count(*)
        || ' pairs recorded in both directions that each cares for the other; the return has both as carers (this is'
        || ' one of them)' as contradiction
    from pairs
    having
        count(*) filter (where pairs.is_mutual) >= {{ least_mutual_pairs }}
        and 2 * count(*) filter (where pairs.is_mutual) > count(*)
),

-- Of two links of one pair that begin on one day the first by its number counts, and with it its hours.
hours_of_links as (
    select distinct
        'relationship' as source_table,
        links.relationship_id as source_record_id,
        'another link of the two begins on the same day and says other hours; the return has those of one'
            as contradiction
    from carer_links as links
    inner join returned
        on
            returned.source_table = 'relationship'
            and links.relationship_id = returned.source_record_id
    inner join carer_links as other_links
        on
            links.carer_person_id = other_links.carer_person_id
            and links.cared_for_person_id = other_links.cared_for_person_id
            and links.start_date is not distinct from other_links.start_date
            and (links.end_date is null) = (other_links.end_date is null)
            and links.hours_caring <> other_links.hours_caring
    where other_links.exclusion_code = 'NOT_IN_FORCE'
)

select * from merged_yet_active
union all
select * from born_twice
union all
select * from merged_into_others
union all
select * from carers_of_themselves
union all
select * from carers_of_each_other
union all
select * from hours_of_links
union all
select * from dates_reversed
