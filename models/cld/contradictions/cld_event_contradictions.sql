-- Requests, assessments and reviews whose columns contradict each other, or that name a record of another person; and
-- events and services of a year far ahead.
{{ config(materialized='view') }}
{%- set period = [date_setting('reporting_period_start'), date_setting('reporting_period_end')] %}
with

returned as (
    select * from {{ ref('cld_returned_records') }}
),

exclusions as (
    select * from {{ ref('cld_exclusions') }}
),

rows_of_return as (
    select * from {{ ref('cld_rows') }}
),

person_records as (
    select * from {{ ref('cnf_person_records') }}
),

contacts as (
    select * from {{ ref('stg_extracts__contact') }}
),

assessments as (
    select * from {{ ref('stg_extracts__assessment') }}
),

reviews as (
    select * from {{ ref('stg_extracts__review') }}
),

packages as (
    select * from {{ ref('stg_extracts__service_package') }}
),

relationships as (
    select * from {{ ref('stg_extracts__relationship') }}
),

events as (
    {% for table, key, cte in [
        ('contact', 'contact_id', 'contacts'), ('assessment', 'assessment_id', 'assessments'),
        ('review', 'review_id', 'reviews'),
    ] %}
    select
        '{{ table }}' as source_table,
        {{ cte }}.{{ key }} as source_record_id,
        {{ cte }}.person_id,
        {{ cte }}.subject_role,
        cast({{ cte }}.completed_at as date) as completed_date
    from {{ cte }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

open_yet_completed as (
    select
        events.source_table,
        events.source_record_id,
        'status says that it is open, completed_at says that it was completed in the period; it is left out'
            as contradiction
    from events
    inner join exclusions
        on
            events.source_table = exclusions.source_table
            and events.source_record_id = exclusions.source_record_id
    where
        exclusions.reason_code = 'OPEN'
        and events.completed_date between {{ period | join(' and ') }}
),

-- A year typed wrong as well: nothing was completed long after the file is sent, and no service is planned so far.
far_ahead as (
    {% for model, column, days in [
        ('cnf_requests', 'event_end_date', 92), ('cnf_assessments', 'event_end_date', 92),
        ('cnf_reviews', 'event_end_date', 92), ('cnf_service_details', 'event_start_date', 366),
    ] %}
    select
        events.source_table,
        events.source_record_id,
        {% if days == 92 %}
        'it is completed months after the day of sending; it is left out' as contradiction
        {% else %}
        'it begins more than a year after the day of sending; it is left out' as contradiction
        {% endif %}
    from {{ ref(model) }} as events
    where
        events.exclusion_code in ('ENDED_AFTER_PERIOD', 'STARTS_AFTER_PERIOD')
        and events.{{ column }} - {{ date_setting('submission_date') }} > {{ days }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- CARED_FOR is a role of support; the carer of an event is a person of their own.
cared_for_as_carers as (
    select
        events.source_table,
        events.source_record_id,
        'subject_role says that the person is cared for, and the return says unpaid carer' as contradiction
    from events
    inner join rows_of_return
        on
            events.source_table = rows_of_return.source_table
            and events.source_record_id = rows_of_return.source_record_id
    where
        events.subject_role = 'CARED_FOR'
        and rows_of_return.client_type = {{ cld_value('unpaid_carer') }}
),

-- A year typed wrong on a form: far from the step, and within it as soon as the year is the step's.
form_days as (
    {% for column in ['form_start_date', 'form_end_date'] %}
    select
        assessments.assessment_id,
        '{{ column }}' as column_name,
        assessments.{{ column }} as form_date,
        cast(assessments.started_at as date) as step_start_date,
        cast(assessments.completed_at as date) as step_end_date
    from assessments
    where assessments.status = 'COMPLETED'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

wrong_years as (
    select
        'assessment' as source_table,
        form_days.assessment_id as source_record_id,
        form_days.column_name || ' lies years from started_at and completed_at, and between them in their year'
            as contradiction
    from form_days
    left join returned
        on
            returned.source_table = 'assessment'
            and form_days.assessment_id = returned.source_record_id
    where
        (
            returned.source_record_id is not null
            or form_days.step_end_date between {{ period | join(' and ') }}
        )
        and not form_days.form_date between form_days.step_start_date - 180 and form_days.step_end_date + 180
        and form_days.form_date + to_years(
            cast(year(form_days.step_end_date) - year(form_days.form_date) as integer)
        ) between form_days.step_start_date - 31 and form_days.step_end_date
),

-- An event and what it followed are of one person, or of a carer and the adult cared for.
references_to_others as (
    select
        'assessment' as source_table,
        assessments.assessment_id as source_record_id,
        'contact_id' as column_name,
        assessments.person_id,
        contacts.person_id as other_person_id
    from assessments
    inner join contacts
        on assessments.contact_id = contacts.contact_id
    union all
    select
        'review' as source_table,
        reviews.review_id as source_record_id,
        'package_id' as column_name,
        reviews.person_id,
        packages.person_id as other_person_id
    from reviews
    inner join packages
        on reviews.package_id = packages.package_id
),

related_people as (
    select
        own_records.survivor_person_id as person_id,
        other_records.survivor_person_id as other_person_id
    from relationships
    inner join person_records as own_records
        on relationships.person_id = own_records.person_id
    inner join person_records as other_records
        on relationships.related_person_id = other_records.person_id
),

of_other_people as (
    select
        references_to_others.source_table,
        references_to_others.source_record_id,
        references_to_others.column_name || ' names a record of another person' as contradiction
    from references_to_others
    inner join returned
        on
            references_to_others.source_table = returned.source_table
            and references_to_others.source_record_id = returned.source_record_id
    inner join person_records as own_records
        on references_to_others.person_id = own_records.person_id
    inner join person_records as other_records
        on references_to_others.other_person_id = other_records.person_id
    where
        own_records.survivor_person_id <> other_records.survivor_person_id
        and not exists (
            select 1 from related_people
            where
                (
                    related_people.person_id = own_records.survivor_person_id
                    and related_people.other_person_id = other_records.survivor_person_id
                )
                or (
                    related_people.person_id = other_records.survivor_person_id
                    and related_people.other_person_id = own_records.survivor_person_id
                )
        )
)

select * from open_yet_completed
union all
select * from far_ahead
union all
select * from cared_for_as_carers
union all
select * from wrong_years
union all
select * from of_other_people
