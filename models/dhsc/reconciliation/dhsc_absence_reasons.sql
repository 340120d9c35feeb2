-- Why a person whom DHSC lists is not in a measure here: the step of the measure at which the person
-- leaves it. One row per council, measure and person of the submissions; only those DHSC's lists ask for.
with

reconciled_people as (

    select * from {{ ref('dhsc_reconciled_people') }}
    where result = 'only theirs'

),

submitted_rows as (

    select distinct
        la_code,
        {{ trimmed('la_person_key') }} as la_person_key,
        der_nhs_la_combined_person_id
    from {{ ref('dhsc_cleaned_rows') }}
    where la_person_key is not null

),

person_details as (

    select * from {{ ref('dhsc_person_details') }}

),

events as (

    select
        ascof_events.*,
        ascof_events.event_start_date <= {{ date_setting('reporting_period_end') }}
        and ascof_events.event_end_date >= {{ date_setting('reporting_period_start') }}
            as is_in_period,
        ascof_events.event_start_date <= {{ date_setting('reporting_period_end') }}
        and ascof_events.event_end_date >= {{ date_setting('reporting_period_end') }}
            as is_on_last_day
    from {{ ref('ascof_events') }} as ascof_events

),

supports as (

    select
        events.la_code,
        events.der_nhs_la_combined_person_id,
        bool_or(
            events.is_in_period
            and events.is_long_term
            and events.client_type = {{ dhsc_value('service_user') }}
        ) as has_long_term,
        bool_or(
            events.is_on_last_day
            and events.is_long_term
            and events.client_type = {{ dhsc_value('service_user') }}
        ) as has_long_term_on_last_day,
        bool_or(events.is_care_home and events.service_component is null and events.is_in_period)
            as lacks_component
    from events
    group by events.la_code, events.der_nhs_la_combined_person_id

),

admissions as (

    select
        la_code,
        der_nhs_la_combined_person_id,
        bool_or(is_new) as has_new
    from {{ ref('ascof_2bc_admissions') }}
    group by la_code, der_nhs_la_combined_person_id

),

clients as (

    select
        la_code,
        der_nhs_la_combined_person_id,
        min(service_type) as service_type
    from {{ ref('ascof_3d_clients') }}
    group by la_code, der_nhs_la_combined_person_id

),

carers as (

    select * from {{ ref('ascof_3d_carers') }}

),

episodes as (

    select
        la_code,
        der_nhs_la_combined_person_id,
        {{ joined_text('final_outcome', "'; '", 'st_max_cluster_start') }} as final_outcomes
    from {{ ref('ascof_2a_episodes') }}
    group by la_code, der_nhs_la_combined_person_id

),

cohort as (

    select distinct
        la_code,
        der_nhs_la_combined_person_id
    from {{ ref('ascof_2a_cohort') }}

)

select
    reconciled_people.la_code,
    reconciled_people.measure,
    reconciled_people.group,
    reconciled_people.la_person_key,
    min(case
        when person_details.der_nhs_la_combined_person_id is null then null
        when person_details.der_working_age_band_end_of_period = {{ dhsc_value('under_18') }}
            then 'Here the person is under 18 on the last day of the period'
        when
            reconciled_people.measure in ('3D 1a', '3D 2a')
            and person_details.date_of_death < {{ date_setting('reporting_period_end') }}
            then 'Here the person died before the last day of the period'
        when person_details.date_of_death < {{ date_setting('reporting_period_start') }}
            then 'Here the person died before the period'
        when reconciled_people.measure = '2A'
            then case
                    when episodes.final_outcomes is not null
                        then 'Here the episode is in neither numerator nor denominator: '
                            || episodes.final_outcomes
                    when cohort.la_code is not null
                        then 'Here the episode is left out: long term support before it'
                    else 'Here no short term support (ST-Max) of an adult ended in the period'
                end
        when reconciled_people.measure in ('2B', '2C')
            then case
                    when not admissions.has_new
                        then 'Here the admission is not new: an earlier stay too shortly before it'
                    when supports.lacks_component
                        then 'Here the care home service has no component, which leaves it out'
                    when person_details.der_birth_date is null
                        then 'Here the person has no date of birth'
                    else 'Here no admission of the person counts in the period'
                end
        when reconciled_people.measure like '2E%'
            then case
                    when not coalesce(supports.has_long_term, false)
                        then 'Here the person has no long term service in the period'
                    when person_details.der_birth_date is null
                        then 'Here the person has no date of birth'
                    when reconciled_people.measure = '2E LD'
                        then 'Here the support reason is '
                            || coalesce(person_details.primary_support_reason, 'missing')
                            || ', or the person is not 18 to 64'
                    else 'Here the age is in another band'
                end
        when reconciled_people.measure in ('3D 1a', '3D 2a')
            then case
                    when not coalesce(supports.has_long_term_on_last_day, false)
                        then 'Here no long term service of the person runs on the last day'
                    else 'Here the support that stands for the person is '
                        || coalesce(clients.service_type, 'none')
                end
        when carers.support_provided is not null
            then 'Here the support of the carer is: ' || carers.support_provided
        else 'Here no support to the person as an unpaid carer counts in the period'
    end) as reason
from reconciled_people
inner join submitted_rows
    on
        reconciled_people.la_code = submitted_rows.la_code
        and reconciled_people.la_person_key = submitted_rows.la_person_key
{%- for joined in [
    'person_details', 'supports', 'admissions', 'clients', 'carers', 'episodes', 'cohort',
] %}
left join {{ joined }}
    on
        submitted_rows.la_code = {{ joined }}.la_code
        and submitted_rows.der_nhs_la_combined_person_id
        = {{ joined }}.der_nhs_la_combined_person_id
{%- endfor %}
group by
    reconciled_people.la_code,
    reconciled_people.measure,
    reconciled_people.group,
    reconciled_people.la_person_key
