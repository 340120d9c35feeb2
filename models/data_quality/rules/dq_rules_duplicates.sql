-- FIL-09 to FIL-11: rows that stand in the file more than once, or that DHSC will take for one event.
{% set service = cld_value('service') %}
{% set person_key -%}
    coalesce(
        replace(rows_read.nhs_number, ' ', ''),
        coalesce(rows_read.la_code, '') || '_'
        || coalesce(rows_read.la_person_unique_identifier, '')
    )
{%- endset %}
{#- 10, 10.0 and 10.004 are one amount; text that is no amount, or too large a one, stays as it is. #}
{% set unit_cost_key -%}
    coalesce(
        cast({{ submitted_amount('rows_read.unit_cost') }} as string), rows_read.unit_cost
    )
{%- endset %}
{% set planned_units_key -%}
    coalesce(
        cast({{ submitted_amount('rows_read.planned_units_per_week') }} as string),
        rows_read.planned_units_per_week
    )
{%- endset %}
with

-- Equal rows share these few columns: the costly comparison of all 50 is made only where they do.
suspected_groups as (
    select
        rows_read.submission_id,
        rows_read.la_person_unique_identifier,
        rows_read.event_type,
        rows_read.event_start_date,
        rows_read.event_end_date,
        rows_read.event_reference,
        rows_read.service_component
    from {{ ref('dq_rows') }} as rows_read
    group by
        rows_read.submission_id,
        rows_read.la_person_unique_identifier,
        rows_read.event_type,
        rows_read.event_start_date,
        rows_read.event_end_date,
        rows_read.event_reference,
        rows_read.service_component
    having count(*) > 1
),

suspected_rows as (
    select
        rows_read.submission_id,
        rows_read.row_number
    from {{ ref('dq_rows') }} as rows_read
    inner join suspected_groups
        on
            rows_read.submission_id = suspected_groups.submission_id
            {% for field in [
                'la_person_unique_identifier', 'event_type', 'event_start_date', 'event_end_date',
                'event_reference', 'service_component'
            ] %}
            and rows_read.{{ field }} is not distinct from suspected_groups.{{ field }}
            {% endfor %}
),

row_contents as (
    select
        submitted_rows.submission_id,
        submitted_rows.row_number,
        md5(
            {% for field in cld_fields() %}
            coalesce('=' || submitted_rows.{{ field }}, '') || chr(31)
            {%- if not loop.last %} || {% endif %}
            {% endfor %}
        ) as content_key
    from {{ ref('sub_rows') }} as submitted_rows
    inner join suspected_rows
        on
            submitted_rows.submission_id = suspected_rows.submission_id
            and submitted_rows.row_number = suspected_rows.row_number
),

equal_rows as (
    select
        row_contents.submission_id,
        row_contents.row_number,
        count(*) over (
            partition by row_contents.submission_id, row_contents.content_key
        ) as row_count
    from row_contents
),

-- In the same way for DHSC's events: rows of one event share person, type and start.
shared_starts as (
    select
        rows_read.submission_id,
        {{ person_key }} as person_key,
        rows_read.event_type,
        rows_read.event_start_date
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.event_type is not null
    group by
        rows_read.submission_id,
        {{ person_key }},
        rows_read.event_type,
        rows_read.event_start_date
    having count(*) > 1
),

-- What DHSC takes for one event. An amount counts as a number with two decimals.
event_keys as (
    select
        rows_read.submission_id,
        rows_read.row_number,
        md5(
            {% for part in [
                'rows_read.la_code',
                person_key,
                'rows_read.client_type',
                'rows_read.event_type',
                'rows_read.event_start_date',
                "case when rows_read.event_type <> " ~ service ~ " then rows_read.event_end_date end",
                "case when rows_read.event_type = " ~ cld_value('request')
                ~ " then rows_read.request_route_of_access end",
                "case when rows_read.event_type = " ~ cld_value('assessment')
                ~ " then rows_read.assessment_type end",
                "case when rows_read.event_type = " ~ service ~ " then rows_read.service_type end",
                "case when rows_read.event_type = " ~ service
                ~ " then rows_read.service_component end",
                "case when rows_read.event_type = " ~ service
                ~ " then rows_read.delivery_mechanism end",
                "case when rows_read.event_type = " ~ service ~ " then " ~ unit_cost_key ~ " end",
                "case when rows_read.event_type = " ~ service
                ~ " then rows_read.cost_frequency_unit_type end",
                "case when rows_read.event_type = " ~ service ~ " then " ~ planned_units_key ~ " end",
            ] %}
            coalesce('=' || {{ part }}, '') || chr(31)
            {%- if not loop.last %} || {% endif %}
            {% endfor %}
        ) as event_key
    from {{ ref('dq_rows') }} as rows_read
    inner join shared_starts
        on
            rows_read.submission_id = shared_starts.submission_id
            and {{ person_key }} = shared_starts.person_key
            and rows_read.event_type = shared_starts.event_type
            and rows_read.event_start_date is not distinct from shared_starts.event_start_date
),

repeated_event_keys as (
    select
        event_keys.submission_id,
        event_keys.event_key
    from event_keys
    group by event_keys.submission_id, event_keys.event_key
    having count(*) > 1
),

repeated_references as (
    select
        rows_read.submission_id,
        rows_read.event_reference
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.event_type is not null and rows_read.event_reference is not null
    group by rows_read.submission_id, rows_read.event_reference
    having count(*) > 1
)

select
    equal_rows.submission_id,
    equal_rows.row_number,
    'FIL-09' as rule_id,
    cast(null as string) as field_name,
    cast(null as string) as found_value,
    cast(null as string) as suggestion
from equal_rows
where equal_rows.row_count > 1
union all
select
    event_keys.submission_id,
    event_keys.row_number,
    'FIL-10' as rule_id,
    'event_type' as field_name,
    cast(null as string) as found_value,
    cast(null as string) as suggestion
from event_keys
inner join repeated_event_keys
    on
        event_keys.submission_id = repeated_event_keys.submission_id
        and event_keys.event_key = repeated_event_keys.event_key
union all
select
    {{ breach('FIL-11', 'event_reference') }}
from {{ ref('dq_rows') }} as rows_read
inner join repeated_references
    on
        rows_read.submission_id = repeated_references.submission_id
        and rows_read.event_reference = repeated_references.event_reference
where rows_read.event_type is not null
