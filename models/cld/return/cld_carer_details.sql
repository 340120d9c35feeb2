-- What the return says about each carer: the adults cared for, up to three of them, and the hours.
with

links as (
    select * from {{ ref('cnf_carer_links') }}
    where exclusion_code is null
),

people as (
    select * from {{ ref('cnf_people') }}
),

service_users as (
    select distinct rows_of_return.person_id
    from {{ ref('cld_rows') }} as rows_of_return
    where rows_of_return.client_type = {{ cld_value('service_user') }}
),

-- Three adults fit: those for whom the carer is the main carer come first, then the longest cared
-- for. An adult without a row in the return is counted but not named: the file may not name them.
ordered as (
    select
        links.carer_person_id,
        links.cared_for_person_id,
        links.relationship_id,
        links.hours_caring,
        service_users.person_id is not null as is_in_return,
        row_number() over (
            partition by links.carer_person_id, (service_users.person_id is not null)
            order by
                links.is_main_carer desc,
                links.start_date nulls last,
                links.cared_for_person_id
        ) as place,
        row_number() over (
            partition by links.carer_person_id
            order by
                (links.hours_caring is null),
                links.is_main_carer desc,
                links.start_date nulls last,
                links.cared_for_person_id
        ) as hours_place
    from links
    inner join people
        on links.cared_for_person_id = people.person_id
    left join service_users
        on links.cared_for_person_id = service_users.person_id
    -- Adults only; whose age is not known counts as one.
    where
        people.date_of_birth is null
        or {{ age_on('people.date_of_birth', date_setting('reporting_period_end')) }} >= 18
)

select
    ordered.carer_person_id as person_id,
    cast(count(*) as integer) as no_of_adults_being_cared_for,
    max(case when ordered.is_in_return and ordered.place = 1 then ordered.cared_for_person_id end)
        as adult_1_linked_person_id,
    max(case when ordered.is_in_return and ordered.place = 2 then ordered.cared_for_person_id end)
        as adult_2_linked_person_id,
    max(case when ordered.is_in_return and ordered.place = 3 then ordered.cared_for_person_id end)
        as adult_3_linked_person_id,
    max(case when ordered.hours_place = 1 then ordered.hours_caring end)
        as total_hrs_caring_per_week
from ordered
group by ordered.carer_person_id
