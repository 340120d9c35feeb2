-- Every row of every submission as the rules read it: blank cells null, dates only as dd/mm/yyyy,
-- numbers unrounded, and the row's profile, on which depends what each field must hold.
with

submitted_rows as (
    select * from {{ ref('sub_rows') }}
),

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

client_types as (
    select code_lists.value as client_type
    from {{ ref('spec_code_lists') }} as code_lists
    where code_lists.release = '{{ setting("cld_release") }}' and code_lists.field = 'Client Type'
),

event_types as (
    select code_lists.value as event_type
    from {{ ref('spec_code_lists') }} as code_lists
    where code_lists.release = '{{ setting("cld_release") }}' and code_lists.field = 'Event Type'
),

read_rows as (
    select
        submitted_rows.submission_id,
        submitted_rows.row_number,
        {{ blank_to_null('submitted_rows.la_code') }} as la_code,
        {{ blank_to_null('submitted_rows.reporting_period_start_date') }}
            as reporting_period_start_date,
        {{ blank_to_null('submitted_rows.reporting_period_end_date') }}
            as reporting_period_end_date,
        {{ blank_to_null('submitted_rows.nhs_number') }} as nhs_number,
        {{ blank_to_null('submitted_rows.la_person_unique_identifier') }}
            as la_person_unique_identifier,
        {{ blank_to_null('submitted_rows.first_name') }} as first_name,
        {{ blank_to_null('submitted_rows.last_name') }} as last_name,
        {{ blank_to_null('submitted_rows.gp_practice_name') }} as gp_practice_name,
        {{ blank_to_null('submitted_rows.gp_practice_code') }} as gp_practice_code,
        {{ blank_to_null('submitted_rows.gender') }} as gender,
        {{ blank_to_null('submitted_rows.ethnicity') }} as ethnicity,
        {{ blank_to_null('submitted_rows.date_of_birth') }} as date_of_birth,
        {{ blank_to_null('submitted_rows.date_of_death') }} as date_of_death,
        {{ blank_to_null('submitted_rows.client_type') }} as client_type,
        {{ blank_to_null('submitted_rows.primary_support_reason') }} as primary_support_reason,
        {{ blank_to_null('submitted_rows.postcode') }} as postcode,
        {{ blank_to_null('submitted_rows.accommodation_status') }} as accommodation_status,
        {{ blank_to_null('submitted_rows.employment_status') }} as employment_status,
        {{ blank_to_null('submitted_rows.has_unpaid_carer') }} as has_unpaid_carer,
        {{ blank_to_null('submitted_rows.autism_spectrum_disorder_asd') }}
            as autism_spectrum_disorder_asd,
        {{ blank_to_null('submitted_rows.visual_impairment') }} as visual_impairment,
        {{ blank_to_null('submitted_rows.hearing_impairment') }} as hearing_impairment,
        {{ blank_to_null('submitted_rows.dementia') }} as dementia,
        {{ blank_to_null('submitted_rows.client_funding_status') }} as client_funding_status,
        {{ blank_to_null('submitted_rows.event_type') }} as event_type,
        {{ blank_to_null('submitted_rows.event_reference') }} as event_reference,
        {{ blank_to_null('submitted_rows.event_start_date') }} as event_start_date,
        {{ blank_to_null('submitted_rows.event_end_date') }} as event_end_date,
        {{ blank_to_null('submitted_rows.event_description') }} as event_description,
        {{ blank_to_null('submitted_rows.event_outcome') }} as event_outcome,
        {{ blank_to_null('submitted_rows.request_route_of_access') }} as request_route_of_access,
        {{ blank_to_null('submitted_rows.assessment_type') }} as assessment_type,
        {{ blank_to_null('submitted_rows.eligible_needs_identified') }}
            as eligible_needs_identified,
        {{ blank_to_null('submitted_rows.method_of_assessment') }} as method_of_assessment,
        {{ blank_to_null('submitted_rows.total_hrs_caring_per_week') }}
            as total_hrs_caring_per_week,
        {{ blank_to_null('submitted_rows.no_of_adults_being_cared_for') }}
            as no_of_adults_being_cared_for,
        {{ blank_to_null('submitted_rows.adult_1_linked_person_id') }} as adult_1_linked_person_id,
        {{ blank_to_null('submitted_rows.adult_2_linked_person_id') }} as adult_2_linked_person_id,
        {{ blank_to_null('submitted_rows.adult_3_linked_person_id') }} as adult_3_linked_person_id,
        {{ blank_to_null('submitted_rows.service_type') }} as service_type,
        {{ blank_to_null('submitted_rows.service_component') }} as service_component,
        {{ blank_to_null('submitted_rows.delivery_mechanism') }} as delivery_mechanism,
        {{ blank_to_null('submitted_rows.provider_cqc_location_name') }}
            as provider_cqc_location_name,
        {{ blank_to_null('submitted_rows.provider_cqc_location_id') }} as provider_cqc_location_id,
        {{ blank_to_null('submitted_rows.review_reason') }} as review_reason,
        {{ blank_to_null('submitted_rows.review_outcomes_achieved') }} as review_outcomes_achieved,
        {{ blank_to_null('submitted_rows.method_of_review') }} as method_of_review,
        {{ blank_to_null('submitted_rows.unit_cost') }} as unit_cost,
        {{ blank_to_null('submitted_rows.cost_frequency_unit_type') }} as cost_frequency_unit_type,
        {{ blank_to_null('submitted_rows.planned_units_per_week') }} as planned_units_per_week,
        case
            when submitted_rows.reporting_period_start_date like '__/__/____'
                then submitted_rows.reporting_period_start_date_date
        end as reporting_period_start_day,
        case
            when submitted_rows.reporting_period_end_date like '__/__/____'
                then submitted_rows.reporting_period_end_date_date
        end as reporting_period_end_day,
        case
            when submitted_rows.date_of_birth like '__/__/____'
                then submitted_rows.date_of_birth_date
        end as date_of_birth_day,
        case
            when submitted_rows.date_of_death like '__/__/____'
                then submitted_rows.date_of_death_date
        end as date_of_death_day,
        case
            when submitted_rows.event_start_date like '__/__/____'
                then submitted_rows.event_start_date_date
        end as event_start_day,
        case
            when submitted_rows.event_end_date like '__/__/____'
                then submitted_rows.event_end_date_date
        end as event_end_day,
        {{ submitted_amount('submitted_rows.unit_cost', 'decimal(28, 10)') }} as unit_cost_number,
        {{ submitted_amount('submitted_rows.planned_units_per_week', 'decimal(28, 10)') }}
            as planned_units_number,
        submitted_rows.no_of_adults_being_cared_for_value as no_of_adults_number
    from submitted_rows
),

dated_rows as (
    select
        read_rows.*,
        {{ age_on('read_rows.date_of_birth_day', 'read_rows.reporting_period_end_day') }}
            as age_at_period_end
    from read_rows
)

select
    dated_rows.submission_id,
    dated_rows.row_number,
    submissions.imported_at as submission_day,
    coalesce(
        client_types.client_type,
        case when dated_rows.client_type is null then '(blank)' else '(not in the list)' end
    ) || '|' || coalesce(
        event_types.event_type,
        case when dated_rows.event_type is null then '(blank)' else '(not in the list)' end
    ) || '|'
    || case
        when
            dated_rows.age_at_period_end between 18 and 64
            and dated_rows.primary_support_reason = {{ cld_value('learning_disability_support') }}
            then 'working_age_learning_disability|'
        else ''
    end
    || case when dated_rows.date_of_death is not null then 'date_of_death_filled|' else '' end
    || case
        when dated_rows.review_reason = {{ cld_value('planned_review') }} then 'planned_review|'
        else ''
    end
    || case
        when
            coalesce(dated_rows.delivery_mechanism, '') <> {{ cld_value('commissioned_support') }}
            and coalesce(dated_rows.cost_frequency_unit_type, '') <> {{ cld_value('no_charge') }}
            and (
                dated_rows.service_type like {{ cld_value('any_long_term_support') }}
                or dated_rows.service_type like {{ cld_value('any_carer_support') }}
                or dated_rows.service_component in (
                    {{ cld_value([
                        'short_term_residential_care', 'short_term_nursing_care',
                        'unpaid_carer_respite',
                    ]) }}
                )
            )
            then 'cost_expected|'
        else ''
    end as row_profile,
    coalesce(
        dated_rows.client_type
        in ({{ cld_value(['unpaid_carer', 'carer_known_by_association']) }}),
        false
    ) as is_carer_row,
    dated_rows.la_code,
    dated_rows.reporting_period_start_date,
    dated_rows.reporting_period_end_date,
    dated_rows.nhs_number,
    dated_rows.la_person_unique_identifier,
    dated_rows.first_name,
    dated_rows.last_name,
    dated_rows.gp_practice_name,
    dated_rows.gp_practice_code,
    dated_rows.gender,
    dated_rows.ethnicity,
    dated_rows.date_of_birth,
    dated_rows.date_of_death,
    dated_rows.client_type,
    dated_rows.primary_support_reason,
    dated_rows.postcode,
    dated_rows.accommodation_status,
    dated_rows.employment_status,
    dated_rows.has_unpaid_carer,
    dated_rows.autism_spectrum_disorder_asd,
    dated_rows.visual_impairment,
    dated_rows.hearing_impairment,
    dated_rows.dementia,
    dated_rows.client_funding_status,
    dated_rows.event_type,
    dated_rows.event_reference,
    dated_rows.event_start_date,
    dated_rows.event_end_date,
    dated_rows.event_description,
    dated_rows.event_outcome,
    dated_rows.request_route_of_access,
    dated_rows.assessment_type,
    dated_rows.eligible_needs_identified,
    dated_rows.method_of_assessment,
    dated_rows.total_hrs_caring_per_week,
    dated_rows.no_of_adults_being_cared_for,
    dated_rows.adult_1_linked_person_id,
    dated_rows.adult_2_linked_person_id,
    dated_rows.adult_3_linked_person_id,
    dated_rows.service_type,
    dated_rows.service_component,
    dated_rows.delivery_mechanism,
    dated_rows.provider_cqc_location_name,
    dated_rows.provider_cqc_location_id,
    dated_rows.review_reason,
    dated_rows.review_outcomes_achieved,
    dated_rows.method_of_review,
    dated_rows.unit_cost,
    dated_rows.cost_frequency_unit_type,
    dated_rows.planned_units_per_week,
    dated_rows.reporting_period_start_day,
    dated_rows.reporting_period_end_day,
    dated_rows.date_of_birth_day,
    dated_rows.date_of_death_day,
    dated_rows.event_start_day,
    dated_rows.event_end_day,
    dated_rows.unit_cost_number,
    dated_rows.planned_units_number,
    dated_rows.no_of_adults_number,
    dated_rows.age_at_period_end
from dated_rows
inner join submissions on dated_rows.submission_id = submissions.submission_id
left join client_types on dated_rows.client_type = client_types.client_type
left join event_types on dated_rows.event_type = event_types.event_type
