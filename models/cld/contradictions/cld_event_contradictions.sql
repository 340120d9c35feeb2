-- Requests, assessments and reviews whose columns contradict each other, or that name a record of another person.
{{ config(materialized='view') }}
{%- set period = [date_setting('reporting_period_start'), date_setting('reporting_period_end')] %}
{#- Nothing is completed three months after the file is sent. -#}
{%- set completed_ahead_days = 92 %}
{#- A form may be filled in half a year before or after its step; with the year of the step it began within it, or in
    the month before. -#}
{%- set form_apart_days = 180 %}
{%- set form_early_days = 31 %}
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

-- A year typed wrong.
far_ahead as (
    {% for model in ['cnf_requests', 'cnf_assessments', 'cnf_reviews'] %}
    select
        completed.source_table,
        completed.source_record_id,
        'it is completed months after the day of sending; it is left out' as contradiction
    from {{ ref(model) }} as completed
    where
        completed.exclusion_code = 'ENDED_AFTER_PERIOD'
        and completed.event_end_date - {{ date_setting('submission_date') }} > {{ completed_ahead_days }}
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

-- A year typed wrong on a form, too: far from the step, and within it as soon as the year is the step's.
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
        and (
            form_days.form_date < form_days.step_start_date - {{ form_apart_days }}
            or form_days.form_date > form_days.step_end_date + {{ form_apart_days }}
        )
        and form_days.form_date + to_years(
            cast(year(form_days.step_end_date) - year(form_days.form_date) as integer)
        ) between form_days.step_start_date - {{ form_early_days }} and form_days.step_end_date
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

-- In both directions: whoever of the two the event is of.
related_people as (
    {% for own, other in [('person_id', 'related_person_id'), ('related_person_id', 'person_id')] %}
    select
        own_records.survivor_person_id as person_id,
        other_records.survivor_person_id as other_person_id
    from relationships
    inner join person_records as own_records
        on relationships.{{ own }} = own_records.person_id
    inner join person_records as other_records
        on relationships.{{ other }} = other_records.person_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
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
                related_people.person_id = own_records.survivor_person_id
                and related_people.other_person_id = other_records.survivor_person_id
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
