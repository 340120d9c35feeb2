-- People aged 18 to 64 with learning disability support in long term support in the year, behind the
-- activity table LTS004: one row per council and person, with employment and accommodation.
with people as (

    select * from {{ ref('activity_long_term_people') }}
    where
        activity_table = 'LTS001a'
        and age_band = '18 to 64'
        and primary_support_reason = 'Learning disability support'

),

person_details as (

    select * from {{ ref('dhsc_person_details') }}

)

select
    people.la_code,
    people.der_nhs_la_combined_person_id,
    people.la_person_unique_identifier,
    people.gender,
    person_details.employment_status,
    person_details.accommodation_status,
    case when person_details.accommodation_status_group = 1 then 'Settled' else 'Unsettled' end
        as accommodation_group
from people
inner join person_details
    on
        people.la_code = person_details.la_code
        and people.der_nhs_la_combined_person_id = person_details.der_nhs_la_combined_person_id
