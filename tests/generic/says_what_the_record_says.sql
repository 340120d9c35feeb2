{#- Fails with each recipient whose exposure is missing or says other purposes, bases or cadence. -#}
{% test says_what_the_record_says(model) %}
select
    coalesce(recipients.recipient_id, exposures.recipient_id) as recipient_id,
    recipients.exposure as exposure_in_record,
    exposures.exposure as exposure_in_project
from {{ ref('gov_recipients') }} as recipients
full outer join {{ model }} as exposures
    on
        recipients.exposure = exposures.exposure
        and recipients.recipient_id = exposures.recipient_id
        and recipients.purposes = exposures.purposes
        and recipients.legal_bases = exposures.legal_bases
        and recipients.cadence = exposures.cadence
where recipients.recipient_id is null or exposures.recipient_id is null
{% endtest %}
