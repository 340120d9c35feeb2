-- What follows each request: the next assessment and service as recorded, and the response and the
-- service that DHSC takes after its rules. One row per request. The columns keep DHSC's names.
with

chronology as (

    select * from {{ ref('waiting_chronology') }}

),

followed as (

    select
        requests.la_code,
        requests.der_nhs_la_combined_person_id,
        requests.la_person_unique_identifier,
        requests.der_unique_record_id as request_der_unique_record_id,
        requests.event_start_date as request_start_date,
        requests.modified_working_age_band as request_modified_working_age_band,
        requests.event_order as request_event_order,
        requests.indicates_progress as request_indicates_progress,
        requests.indicates_progress_to_service as request_indicates_progress_to_service,
        requests.der_conversation as request_der_conversation,
        requests.next_assessment_order,
        assessments.event_type as next_assessment_event_type,
        assessments.assessment_type as next_assessment_type,
        assessments.event_start_date as next_assessment_start_date,
        assessments.modified_working_age_band as next_assessment_modified_working_age_band,
        assessments.indicates_progress_to_service as next_assessment_indicates_progress_to_service,
        assessments.block_indicates_progress_to_service
            as next_assessment_block_indicates_progress_to_service,
        assessments.der_unique_record_id as next_assessment_der_unique_record_id,
        requests.next_service_order,
        services.event_type as next_service_event_type,
        services.service_type as next_service_type,
        services.event_start_date as next_service_start_date,
        services.modified_working_age_band as next_service_modified_working_age_band,
        services.der_unique_record_id as next_service_der_unique_record_id,
        case
            when
                requests.der_conversation = 1
                and requests.indicates_progress = 1
                and (
                    assessments.event_start_date is null
                    or requests.event_start_date < assessments.event_start_date
                )
                then 1
            else 0
        end as c1_request_override,
        case
            when
                requests.event_start_date < {{ date_setting('dhsc_conversation_counts_before') }}
                then 'R1'
            else 'R2'
        end as request_spec
    from chronology as requests
    left join chronology as assessments
        on
            requests.la_code = assessments.la_code
            and requests.der_nhs_la_combined_person_id = assessments.der_nhs_la_combined_person_id
            and requests.next_assessment_order = assessments.event_order
    left join chronology as services
        on
            requests.la_code = services.la_code
            and requests.der_nhs_la_combined_person_id = services.der_nhs_la_combined_person_id
            and requests.next_service_order = services.event_order
    where requests.event_type = {{ dhsc_value('request') }}

),

-- Before Release 2 a request that was itself a first conversation answers itself; otherwise a service
-- that comes before any assessment is the response.
responded as (

    select
        followed.*,
        case
            when followed.c1_request_override = 1 and followed.request_spec = 'R1' then 'request'
            when
                followed.next_service_order is not null
                and (
                    followed.next_assessment_order is null
                    or followed.next_service_order < followed.next_assessment_order
                )
                then 'service'
            when followed.next_assessment_order is not null then 'assessment'
        end as response_by
    from followed

)

select
    responded.*,
    case
        when responded.response_by != 'request'
            then responded.next_assessment_indicates_progress_to_service
    end as temp_next_assessment_indicates_progress_to_service,
    case
        when responded.response_by != 'request'
            then responded.next_assessment_block_indicates_progress_to_service
    end as temp_next_assessment_block_indicates_progress_to_service,
    case when responded.response_by = 'service' then 1 else 0 end
        as next_assessment_service_override,
    case
        when
            responded.response_by = 'service' and responded.next_assessment_order is not null
            then 1
        else 0
    end as next_assessment_service_date_override,
    case responded.response_by
        when 'request' then responded.request_event_order
        when 'service' then responded.next_service_order
        when 'assessment' then responded.next_assessment_order
    end as modified_next_assessment_order,
    case responded.response_by
        when 'request' then {{ dhsc_value('request') }}
        when 'service' then responded.next_service_event_type
        when 'assessment' then responded.next_assessment_event_type
    end as modified_next_assessment_event_type,
    case when responded.response_by = 'assessment' then responded.next_assessment_type end
        as modified_next_assessment_type,
    case responded.response_by
        when 'request' then responded.request_start_date
        when 'service' then responded.next_service_start_date
        when 'assessment' then responded.next_assessment_start_date
    end as modified_next_assessment_start_date,
    case responded.response_by
        when 'request' then responded.request_modified_working_age_band
        when 'service' then responded.next_service_modified_working_age_band
        when 'assessment' then responded.next_assessment_modified_working_age_band
    end as modified_next_assessment_mod_working_age_band,
    case responded.response_by
        when 'request' then responded.request_der_unique_record_id
        when 'service' then responded.next_service_der_unique_record_id
        when 'assessment' then responded.next_assessment_der_unique_record_id
    end as modified_next_assessment_der_unique_record_id,
    case
        when responded.response_by = 'assessment'
            then responded.next_assessment_indicates_progress_to_service
    end as modified_next_assessment_indicates_progress_to_service,
    case
        when responded.response_by = 'assessment'
            then responded.next_assessment_block_indicates_progress_to_service
    end as modified_next_assessment_block_indicates_progress_to_service,
    -- An assessment that leads to no service ends the wait without one.
    coalesce(
        responded.response_by = 'assessment'
        and responded.next_assessment_block_indicates_progress_to_service = 0,
        false
    ) as ends_without_service
from responded
