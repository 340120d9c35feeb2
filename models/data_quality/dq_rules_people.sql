-- PER rules: the rows of one person must agree. A person is an LA Person Unique Identifier.
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
    having count(distinct identified_rows.nhs_number) > 1
),

numbers_with_several_persons as (
    select
        identified_rows.submission_id,
        identified_rows.nhs_number
    from identified_rows
    group by identified_rows.submission_id, identified_rows.nhs_number
    having count(distinct identified_rows.la_person_unique_identifier) > 1
),

{% for field in ['date_of_birth', 'date_of_death', 'gender', 'ethnicity'] %}
    persons_with_several_{{ field }} as (
        select rows_read.submission_id, rows_read.la_person_unique_identifier
        from {{ ref('dq_rows') }} as rows_read
        where rows_read.la_person_unique_identifier is not null
        group by rows_read.submission_id, rows_read.la_person_unique_identifier
        having count(distinct rows_read.{{ field }}) > 1
    ),

{% endfor %}
{% for field in [
    'accommodation_status', 'employment_status', 'primary_support_reason', 'client_funding_status',
    'has_unpaid_carer', 'postcode'
] %}
    persons_with_several_{{ field }} as (
        select
            rows_read.submission_id,
            rows_read.la_person_unique_identifier,
            coalesce(rows_read.client_type, '') as client_type
        from {{ ref('dq_rows') }} as rows_read
        where rows_read.la_person_unique_identifier is not null
        group by
            rows_read.submission_id,
            rows_read.la_person_unique_identifier,
            coalesce(rows_read.client_type, '')
        having count(distinct rows_read.{{ field }}) > 1
    ),

{% endfor %}
unknown_shares as (
    {% for field in ['gender', 'ethnicity', 'accommodation_status', 'primary_support_reason'] %}
        select
            rows_read.submission_id,
            '{{ field }}' as field_name,
            sum(
                case
                    when
                        rows_read.{{ field }} = 'Unknown' or rows_read.{{ field }} like 'No data%'
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

select {{ breach('PER-01', 'nhs_number') }}
from {{ ref('dq_rows') }} as rows_read
inner join identified_rows
    on
        rows_read.submission_id = identified_rows.submission_id
        and rows_read.row_number = identified_rows.row_number
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
{% for field in ['date_of_birth', 'date_of_death', 'gender', 'ethnicity'] %}
    union all
    select {{ breach('PER-02', field) }}
    from {{ ref('dq_rows') }} as rows_read
    inner join persons_with_several_{{ field }} as persons
        on
            rows_read.submission_id = persons.submission_id
            and rows_read.la_person_unique_identifier = persons.la_person_unique_identifier
    where rows_read.{{ field }} is not null
{% endfor %}
{% for field in [
    'accommodation_status', 'employment_status', 'primary_support_reason', 'client_funding_status',
    'has_unpaid_carer', 'postcode'
] %}
    union all
    select {{ breach('PER-03', field) }}
    from {{ ref('dq_rows') }} as rows_read
    inner join persons_with_several_{{ field }} as persons
        on
            rows_read.submission_id = persons.submission_id
            and rows_read.la_person_unique_identifier = persons.la_person_unique_identifier
            and coalesce(rows_read.client_type, '') = persons.client_type
    where rows_read.{{ field }} is not null
{% endfor %}
union all
select {{ breach('PER-04', 'la_person_unique_identifier') }}
from {{ ref('dq_rows') }} as rows_read
where rows_read.nhs_number is null and rows_read.la_person_unique_identifier is null
union all
select
    unknown_shares.submission_id,
    cast(null as integer) as row_number,
    'PER-05' as rule_id,
    unknown_shares.field_name,
    cast(round(100 * unknown_shares.unknown_share, 1) as varchar) || '%' as found_value,
    cast(null as varchar) as suggestion
from unknown_shares
where unknown_shares.unknown_share >= {{ setting('unknown_share_max') }}
