-- PER rules: the rows of one person must agree. A person is an LA Person Unique Identifier.
{% set person_fields = ['date_of_birth', 'date_of_death', 'gender', 'ethnicity'] %}
{% set client_fields = [
    'accommodation_status', 'employment_status', 'primary_support_reason', 'client_funding_status',
    'has_unpaid_carer', 'postcode',
] %}
with

identified_rows as (
    select
        rows_read.submission_id,
        rows_read.row_number,
        rows_read.la_person_unique_identifier,
        replace(rows_read.nhs_number, ' ', '') as nhs_number
    from {{ ref('dq_rows') }} as rows_read
    where
        rows_read.nhs_number is not null
        and rows_read.la_person_unique_identifier is not null
),

persons_with_several_numbers as (
    select
        identified_rows.submission_id,
        identified_rows.la_person_unique_identifier
    from identified_rows
    group by identified_rows.submission_id, identified_rows.la_person_unique_identifier
    having min(identified_rows.nhs_number) <> max(identified_rows.nhs_number)
),

numbers_with_several_persons as (
    select
        identified_rows.submission_id,
        identified_rows.nhs_number
    from identified_rows
    group by identified_rows.submission_id, identified_rows.nhs_number
    having
        min(identified_rows.la_person_unique_identifier)
        <> max(identified_rows.la_person_unique_identifier)
),

-- Two different filled values of a person show as a smallest and a largest one. PER-02 and PER-03 are
-- then raised on all rows of the group, a row that leaves the field blank included.
values_of_persons as (
    select
        rows_read.submission_id,
        rows_read.la_person_unique_identifier,
        {% for field in person_fields %}
        min(rows_read.{{ field }}) <> max(rows_read.{{ field }}) as {{ field }}_differs
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.la_person_unique_identifier is not null
    group by rows_read.submission_id, rows_read.la_person_unique_identifier
),

values_of_clients as (
    select
        rows_read.submission_id,
        rows_read.la_person_unique_identifier,
        coalesce(rows_read.client_type, '') as client_type,
        {% for field in client_fields %}
        min(rows_read.{{ field }}) <> max(rows_read.{{ field }}) as {{ field }}_differs
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.la_person_unique_identifier is not null
    group by
        rows_read.submission_id,
        rows_read.la_person_unique_identifier,
        coalesce(rows_read.client_type, '')
),

unknown_shares as (
    {% for field in ['gender', 'ethnicity', 'accommodation_status', 'primary_support_reason'] %}
    select
        rows_read.submission_id,
        '{{ field }}' as field_name,
        sum(
            case
                when
                    rows_read.{{ field }} like {{ cld_value(
                        'any_ethnicity_without_data' if field == 'ethnicity' else 'unknown_' ~ field
                    ) }}
                    then 1.0
                else 0.0
            end
        ) / count(*) as unknown_share
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.{{ field }} is not null
    group by rows_read.submission_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    identified_rows.submission_id,
    identified_rows.row_number,
    'PER-01' as rule_id,
    'nhs_number' as field_name,
    identified_rows.nhs_number as found_value,
    cast(null as string) as suggestion
from identified_rows
left join persons_with_several_numbers
    on
        identified_rows.submission_id = persons_with_several_numbers.submission_id
        and identified_rows.la_person_unique_identifier
        = persons_with_several_numbers.la_person_unique_identifier
left join numbers_with_several_persons
    on
        identified_rows.submission_id = numbers_with_several_persons.submission_id
        and identified_rows.nhs_number = numbers_with_several_persons.nhs_number
where
    persons_with_several_numbers.submission_id is not null
    or numbers_with_several_persons.submission_id is not null
{% for field in person_fields %}
union all
select
    {{ breach('PER-02', field) }}
from {{ ref('dq_rows') }} as rows_read
inner join values_of_persons
    on
        rows_read.submission_id = values_of_persons.submission_id
        and rows_read.la_person_unique_identifier
        = values_of_persons.la_person_unique_identifier
where values_of_persons.{{ field }}_differs
{% endfor %}
{% for field in client_fields %}
union all
select
    {{ breach('PER-03', field) }}
from {{ ref('dq_rows') }} as rows_read
inner join values_of_clients
    on
        rows_read.submission_id = values_of_clients.submission_id
        and rows_read.la_person_unique_identifier
        = values_of_clients.la_person_unique_identifier
        and coalesce(rows_read.client_type, '') = values_of_clients.client_type
where values_of_clients.{{ field }}_differs
{% endfor %}
union all
select
    {{ breach('PER-04', 'la_person_unique_identifier') }}
from {{ ref('dq_rows') }} as rows_read
where rows_read.nhs_number is null and rows_read.la_person_unique_identifier is null
union all
select
    unknown_shares.submission_id,
    cast(null as integer) as row_number,
    'PER-05' as rule_id,
    unknown_shares.field_name,
    cast(round(100 * unknown_shares.unknown_share, 1) as string) || '%' as found_value,
    cast(null as string) as suggestion
from unknown_shares
where unknown_shares.unknown_share >= {{ setting('unknown_share_max') }}
