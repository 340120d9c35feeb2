-- OUT rules: the outcome does not fit the event.
with

values_of_dhsc as (
    select distinct code_lists.value as event_outcome
    from {{ ref('spec_code_lists') }} as code_lists
    where code_lists.release = 'DHSC' and code_lists.field = 'Event Outcome'
),

services as (
    select
        rows_read.submission_id,
        rows_read.row_number,
        rows_read.la_person_unique_identifier,
        rows_read.event_start_day,
        rows_read.event_end_date,
        rows_read.event_end_day
    from {{ ref('dq_rows') }} as rows_read
    where
        rows_read.event_type = {{ cld_value('service') }}
        and rows_read.la_person_unique_identifier is not null
),

-- Replaced or extended: the person has another service that starts near the end and lasts longer.
replaced_services as (
    select distinct
        services.submission_id,
        services.row_number
    from services
    inner join services as other_services
        on
            services.submission_id = other_services.submission_id
            and services.la_person_unique_identifier = other_services.la_person_unique_identifier
            and services.row_number <> other_services.row_number
    where
        other_services.event_start_day
        between {{ add_days('services.event_end_day', -setting('replaced_service_days')) }}
        and {{ add_days('services.event_end_day', setting('replaced_service_days')) }}
        and (
            other_services.event_end_date is null
            or other_services.event_end_day > services.event_end_day
        )
)

select
    {{ breach('OUT-01', 'event_outcome', cld_value('continuation_of_support')) }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.event_end_date is null
    and rows_read.event_outcome <> {{ cld_value('continuation_of_support') }}
union all
select
    {{ breach('OUT-02', 'event_outcome') }}
from {{ ref('dq_rows') }} as rows_read
left join replaced_services
    on
        rows_read.submission_id = replaced_services.submission_id
        and rows_read.row_number = replaced_services.row_number
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.event_end_day <= rows_read.reporting_period_end_day
    and rows_read.event_outcome = {{ cld_value('continuation_of_support') }}
    and replaced_services.row_number is null
union all
select
    {{ breach('OUT-03', 'event_outcome') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type is not null
    and rows_read.event_outcome = {{ cld_value('deceased') }}
    and rows_read.date_of_death is null
union all
select
    {{ breach('OUT-04', 'event_outcome', cld_value('deceased')) }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type is not null
    and rows_read.date_of_death_day <= rows_read.event_end_day
    and rows_read.event_outcome <> {{ cld_value('deceased') }}
union all
select
    {{ breach('OUT-05', 'event_outcome') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type is not null
    and rows_read.event_type not in ({{ cld_value(['service', 'review']) }})
    and rows_read.event_outcome in (
        {{ cld_value(['support_ended_as_planned', 'support_ended_otherwise']) }}
    )
union all
select
    {{ breach('OUT-06', 'event_outcome') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.event_outcome = {{ cld_value('no_services_offered') }}
union all
select
    {{ breach('OUT-07', 'event_outcome') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.event_outcome = {{ cld_value('self_funded') }}
    and rows_read.service_type not in (
        {{ cld_value(['nursing_care', 'residential_care']) }}
    )
union all
select
    {{ breach('OUT-08', 'event_outcome') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.service_type = {{ cld_value('st_max') }}
    and rows_read.event_outcome = {{ cld_value('progress_to_st_max') }}
    and rows_read.event_end_date is null
union all
select
    {{ breach('OUT-11', 'event_outcome') }}
from {{ ref('dq_rows') }} as rows_read
inner join values_of_dhsc on rows_read.event_outcome = values_of_dhsc.event_outcome
where
    rows_read.event_type is not null
