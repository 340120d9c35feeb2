-- Dated person details as each row of the return needs them: one row a person, client type and day.
with

days as (
    select distinct
        rows_of_return.person_id,
        rows_of_return.client_type,
        rows_of_return.event_day
    from {{ ref('cld_rows') }} as rows_of_return
),

fields as (
    select * from {{ ref('spec_fields') }}
    where value_rule is not null
),

-- A field that does not apply to the client type stays empty whatever is known.
valued as (
    select
        days.person_id,
        days.client_type,
        days.event_day,
        fields.snake_name,
        person_values.cld_value
    from days
    inner join fields
        on {{ holds_for('fields.applies_to_client_types', 'days.client_type') }}
    inner join {{ ref('cnf_person_values') }} as person_values
        on
            days.person_id = person_values.person_id
            and fields.header = person_values.cld_field
            and person_values.as_at = {{ day_of_value('fields.value_rule', 'days.event_day') }}
)

{% set columns = [
    'gp_practice_name', 'gp_practice_code', 'primary_support_reason', 'postcode',
    'accommodation_status', 'employment_status', 'autism_spectrum_disorder_asd',
    'visual_impairment', 'hearing_impairment', 'dementia', 'client_funding_status',
] -%}
select
    valued.person_id,
    valued.client_type,
    valued.event_day,
    {%- for column in columns %}
    max(case when valued.snake_name = '{{ column }}' then valued.cld_value end) as {{ column }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
from valued
group by valued.person_id, valued.client_type, valued.event_day
