-- Every record of a person, or about one rather than an event, that is not behind any row of the return, with its
-- reason.
{{ config(materialized='view') }}

with

returned as (
    select * from {{ ref('cld_returned_records') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

people as (
    select
        'person' as source_table,
        person_records.person_id as source_record_id,
        case
            when person_records.exclusion_code is not null then person_records.exclusion_code
            when person_records.survivor_person_id <> person_records.person_id then 'MERGED_PERSON'
            else 'NO_ROW_IN_RETURN'
        end as reason_code
    from person_records
    left join returned
        on
            returned.source_table = 'person'
            and person_records.person_id = returned.source_record_id
    where returned.source_record_id is null
),

-- Records about a person rather than an event: not in the return when another one is, or when
-- the person is not.
supporting_records as (
    select
        'person_identifier' as source_table,
        'row ' || identifiers.source_row as source_record_id,
        identifiers.person_id,
        'NOT_USED' as reason_code,
        case
            when not {{ was_readable('identifiers', ['id_type']) }} then 'UNKNOWN_IDENTIFIER_TYPE'
        end as unread_reason
    from {{ ref('stg_extracts__person_identifier') }} as identifiers
    union all
    select
        'address' as source_table,
        addresses.address_id as source_record_id,
        addresses.person_id,
        'NOT_IN_FORCE' as reason_code,
        case
            when not {{ was_readable('addresses', ['start_date', 'end_date']) }}
                then 'UNREADABLE_DATE'
            when not {{ was_readable('addresses', ['address_type']) }}
                then 'UNKNOWN_ADDRESS_TYPE'
        end as unread_reason
    from {{ ref('stg_extracts__address') }} as addresses
    union all
    select
        'gp_registration' as source_table,
        'row ' || registrations.source_row as source_record_id,
        registrations.person_id,
        'NOT_IN_FORCE' as reason_code,
        case
            when not {{ was_readable('registrations', ['start_date', 'end_date']) }}
                then 'UNREADABLE_DATE'
        end as unread_reason
    from {{ ref('stg_extracts__gp_registration') }} as registrations
    union all
    select
        'person_classification' as source_table,
        'row ' || classifications.source_row as source_record_id,
        classifications.person_id,
        'NOT_IN_FORCE' as reason_code,
        case
            when not {{ was_readable('classifications', ['start_date', 'end_date']) }}
                then 'UNREADABLE_DATE'
            when not {{ was_readable('classifications', ['classification']) }}
                then 'UNKNOWN_CLASSIFICATION'
        end as unread_reason
    from {{ ref('stg_extracts__person_classification') }} as classifications
),

supporting as (
    select
        supporting_records.source_table,
        supporting_records.source_record_id,
        case
            when supporting_records.unread_reason is not null then supporting_records.unread_reason
            when person_records.person_id is null then 'PERSON_NOT_FOUND'
            when person_records.exclusion_code is not null then person_records.exclusion_code
            when survivors.source_record_id is null then 'NO_ROW_IN_RETURN'
            else supporting_records.reason_code
        end as reason_code
    from supporting_records
    left join person_records
        on supporting_records.person_id = person_records.person_id
    left join returned as survivors
        on
            survivors.source_table = 'person'
            and person_records.survivor_person_id = survivors.source_record_id
    left join returned
        on
            supporting_records.source_table = returned.source_table
            and supporting_records.source_record_id = returned.source_record_id
    where returned.source_record_id is null
),

links as (
    select
        'relationship' as source_table,
        links.relationship_id as source_record_id,
        coalesce(links.exclusion_code, 'LINK_NOT_NEEDED') as reason_code
    from {{ ref('cnf_carer_links') }} as links
    left join returned
        on
            returned.source_table = 'relationship'
            and links.relationship_id = returned.source_record_id
    where returned.source_record_id is null
)

select
    people.source_table,
    people.source_record_id,
    people.reason_code
from people
union all
select
    supporting.source_table,
    supporting.source_record_id,
    supporting.reason_code
from supporting
union all
select
    links.source_table,
    links.source_record_id,
    links.reason_code
from links
