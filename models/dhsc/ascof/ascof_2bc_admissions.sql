-- Long term residential and nursing care of service users as ASCOF 2B and 2C see it, with the
-- admissions of the period that are new.
with

events as (

    select * from {{ ref('dhsc_events_joined') }}

),

person_details as (

    select * from {{ ref('dhsc_person_details') }}

),

service_types as (

    select * from {{ ref('dhsc_service_types') }}
    where is_care_home

),

-- A missing component is dropped by DHSC's code, against its own comment; reproduced because the
-- published figure depends on it.
care_home_services as (

    select
        events.la_code,
        events.kept_row_id,
        events.der_nhs_la_combined_person_id,
        events.la_person_unique_identifier,
        events.event_start_date,
        coalesce(events.der_event_end_date, cast('9999-01-01' as date)) as event_end_date,
        events.event_outcome_cleaned as event_outcome,
        person_details.der_birth_date
    from events
    inner join person_details
        on
            events.la_code = person_details.la_code
            and events.der_nhs_la_combined_person_id
            = person_details.der_nhs_la_combined_person_id
    inner join service_types
        on events.service_type_cleaned = service_types.service_type
    where
        events.client_type_cleaned = {{ dhsc_value('service_user') }}
        and lower({{ end_trimmed('events.event_type') }}) = {{ dhsc_value('service', 'key') }}
        and person_details.der_birth_date is not null
        and (
            person_details.date_of_death is null
            or person_details.date_of_death >= {{ date_setting('reporting_period_start') }}
        )
        and (
            lower(events.service_component_cleaned) like '%residential%'
            or lower(events.service_component_cleaned) like '%nursing%'
        )
        and lower(events.service_component_cleaned) not like '%short%'
        {%- if setting('method_version') != 'jun2026' %}
        and coalesce(events.event_outcome_cleaned, '')
        != {{ dhsc_value('self_funded') }}
        {%- endif %}

),

admissions as (

    select *
    from care_home_services
    where
        care_home_services.event_start_date between
        {{ date_setting('reporting_period_start') }} and {{ date_setting('reporting_period_end') }}
        and coalesce(care_home_services.event_outcome, '')
        != {{ dhsc_value('self_funded') }}

)

select
    admissions.la_code,
    admissions.kept_row_id,
    admissions.der_nhs_la_combined_person_id,
    admissions.la_person_unique_identifier,
    admissions.event_start_date,
    {{ dhsc_age('admissions.der_birth_date', 'admissions.event_start_date') }}
        as age_at_admission,
    not exists (
        select 1
        from care_home_services as earlier
        where
            earlier.la_code = admissions.la_code
            and earlier.der_nhs_la_combined_person_id = admissions.der_nhs_la_combined_person_id
            and earlier.event_start_date < admissions.event_start_date
            and {{ dbt.datediff('earlier.event_end_date', 'admissions.event_start_date', 'day') }}
            < {{ dhsc_number('dhsc_admission_gap_days') }}
    ) as is_new
from admissions
