-- The return: one row of the file each, its 50 fields typed, with the record it came from.
with

rows_of_return as (
    select
        *,
        client_type <> {{ cld_value('service_user') }} as is_about_carer
    from {{ ref('cld_rows') }}
),

people as (
    select * from {{ ref('cnf_people') }}
),

person_details as (
    select * from {{ ref('cld_person_details') }}
),

carer_details as (
    select * from {{ ref('cld_carer_details') }}
),

people_with_carer as (
    select distinct links.cared_for_person_id as person_id
    from {{ ref('cnf_carer_links') }} as links
    where links.exclusion_code is null
),

descriptions as (
    select * from {{ ref('cnf_descriptions') }}
)

select
    rows_of_return.cld_row_id,
    '{{ setting("la_code") }}' as la_code,
    {{ date_setting('reporting_period_start') }} as reporting_period_start_date,
    {{ date_setting('reporting_period_end') }} as reporting_period_end_date,
    people.nhs_number,
    people.person_id as la_person_unique_identifier,
    people.first_name,
    people.last_name,
    person_details.gp_practice_name,
    person_details.gp_practice_code,
    people.gender,
    people.ethnicity,
    people.date_of_birth,
    people.date_of_death,
    rows_of_return.client_type,
    case
        when rows_of_return.client_type in (
                {{ cld_value('unpaid_carer') }}, {{ cld_value('carer_known_by_association') }}
            ) then {{ cld_value('carer_support_reason') }}
        else person_details.primary_support_reason
    end as primary_support_reason,
    person_details.postcode,
    person_details.accommodation_status,
    person_details.employment_status,
    case
        when people_with_carer.person_id is not null then {{ cld_value('has_carer') }}
        else {{ cld_value('has_no_carer') }}
    end as has_unpaid_carer,
    person_details.autism_spectrum_disorder_asd,
    person_details.visual_impairment,
    person_details.hearing_impairment,
    person_details.dementia,
    person_details.client_funding_status,
    rows_of_return.event_type,
    rows_of_return.event_reference,
    rows_of_return.event_start_date,
    rows_of_return.event_end_date,
    case
        when not rows_of_return.is_conversation then descriptions.event_description
        -- REQ-02: the centre finds first conversations by this word.
        when lower(descriptions.event_description) like '%conversation%'
            then descriptions.event_description
        else concat_ws(' - ', descriptions.event_description, 'conversation')
    end as event_description,
    rows_of_return.event_outcome,
    rows_of_return.request_route_of_access,
    rows_of_return.assessment_type,
    rows_of_return.eligible_needs_identified,
    rows_of_return.method_of_assessment,
    carer_details.total_hrs_caring_per_week,
    carer_details.no_of_adults_being_cared_for,
    carer_details.adult_1_linked_person_id,
    carer_details.adult_2_linked_person_id,
    carer_details.adult_3_linked_person_id,
    rows_of_return.service_type,
    rows_of_return.service_component,
    rows_of_return.delivery_mechanism,
    rows_of_return.provider_cqc_location_name,
    rows_of_return.provider_cqc_location_id,
    rows_of_return.review_reason,
    rows_of_return.review_outcomes_achieved,
    rows_of_return.method_of_review,
    rows_of_return.unit_cost,
    rows_of_return.cost_frequency_unit_type,
    rows_of_return.planned_units_per_week,
    rows_of_return.source_table,
    rows_of_return.source_record_id,
    rows_of_return.team_id
from rows_of_return
inner join people
    on rows_of_return.person_id = people.person_id
left join person_details
    on
        rows_of_return.person_id = person_details.person_id
        and rows_of_return.client_type = person_details.client_type
        and rows_of_return.event_day = person_details.event_day
-- Only what a carer does as a carer says whom they care for.
left join carer_details
    on
        rows_of_return.person_id = carer_details.person_id
        and rows_of_return.is_about_carer
left join people_with_carer
    on rows_of_return.person_id = people_with_carer.person_id
left join descriptions
    on
        rows_of_return.source_table = descriptions.source_table
        and rows_of_return.source_record_id = descriptions.source_record_id
