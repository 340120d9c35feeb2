-- CAR rules: carers, their links to the adults they look after, and their services.
with

carer_links as (
    {% for place in [1, 2, 3] %}
    select
        rows_read.submission_id,
        rows_read.row_number,
        'adult_{{ place }}_linked_person_id' as field_name,
        rows_read.adult_{{ place }}_linked_person_id as linked_person_id
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.is_carer_row and rows_read.adult_{{ place }}_linked_person_id is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

service_users as (
    select distinct
        rows_read.submission_id,
        rows_read.la_person_unique_identifier
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.client_type = {{ cld_value('service_user') }}
),

linked_persons as (
    select distinct
        carer_links.submission_id,
        carer_links.linked_person_id
    from carer_links
),

carers_by_association as (
    select distinct
        rows_read.submission_id,
        rows_read.la_person_unique_identifier
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.client_type = {{ cld_value('carer_known_by_association') }}
),

carers_with_events as (
    select distinct
        rows_read.submission_id,
        rows_read.la_person_unique_identifier
    from {{ ref('dq_rows') }} as rows_read
    where
        rows_read.client_type = {{ cld_value('unpaid_carer') }}
        and rows_read.event_type is not null
),

carers_of_both_kinds as (
    select
        carers_by_association.submission_id,
        carers_by_association.la_person_unique_identifier
    from carers_by_association
    inner join carers_with_events
        on
            carers_by_association.submission_id = carers_with_events.submission_id
            and carers_by_association.la_person_unique_identifier
            = carers_with_events.la_person_unique_identifier
)

select
    {{ breach('CAR-01', 'primary_support_reason', cld_value('carer_support_reason')) }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.client_type = {{ cld_value('unpaid_carer') }}
    and rows_read.primary_support_reason <> {{ cld_value('carer_support_reason') }}
union all
select
    {{ breach('CAR-02', 'primary_support_reason') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.client_type = {{ cld_value('service_user') }}
    and rows_read.primary_support_reason = {{ cld_value('carer_support_reason') }}
union all
select
    {{ breach('CAR-03', 'service_type') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.client_type = {{ cld_value('unpaid_carer') }}
    and rows_read.event_type = {{ cld_value('service') }}
    and rows_read.service_type not like {{ cld_value('any_carer_support') }}
union all
select
    {{ breach('CAR-04', 'service_type') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.client_type = {{ cld_value('service_user') }}
    and rows_read.event_type = {{ cld_value('service') }}
    and rows_read.service_type = {{ cld_value('direct_carer_support') }}
union all
select
    {{ breach('CAR-06', 'adult_1_linked_person_id') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.client_type = {{ cld_value('carer_known_by_association') }}
    and rows_read.adult_1_linked_person_id is null
union all
select
    carer_links.submission_id,
    carer_links.row_number,
    'CAR-07' as rule_id,
    carer_links.field_name,
    carer_links.linked_person_id as found_value,
    cast(null as string) as suggestion
from carer_links
left join service_users
    on
        carer_links.submission_id = service_users.submission_id
        and carer_links.linked_person_id = service_users.la_person_unique_identifier
where service_users.la_person_unique_identifier is null
union all
select
    {{ breach('CAR-08', 'adult_1_linked_person_id') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.is_carer_row
    and (
        rows_read.adult_1_linked_person_id = rows_read.adult_2_linked_person_id
        or rows_read.adult_1_linked_person_id = rows_read.adult_3_linked_person_id
        or rows_read.adult_2_linked_person_id = rows_read.adult_3_linked_person_id
        or rows_read.la_person_unique_identifier in (
            rows_read.adult_1_linked_person_id,
            rows_read.adult_2_linked_person_id,
            rows_read.adult_3_linked_person_id
        )
        or (
            rows_read.adult_2_linked_person_id is not null
            and rows_read.adult_1_linked_person_id is null
        )
        or (
            rows_read.adult_3_linked_person_id is not null
            and rows_read.adult_2_linked_person_id is null
        )
    )
union all
select
    {{ breach('CAR-09', 'no_of_adults_being_cared_for') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.is_carer_row
    and rows_read.no_of_adults_number
    < case when rows_read.adult_1_linked_person_id is null then 0 else 1 end
    + case when rows_read.adult_2_linked_person_id is null then 0 else 1 end
    + case when rows_read.adult_3_linked_person_id is null then 0 else 1 end
union all
select
    {{ breach('CAR-10', 'has_unpaid_carer', cld_value('has_carer')) }}
from {{ ref('dq_rows') }} as rows_read
inner join linked_persons
    on
        rows_read.submission_id = linked_persons.submission_id
        and rows_read.la_person_unique_identifier = linked_persons.linked_person_id
where
    rows_read.client_type = {{ cld_value('service_user') }}
    and rows_read.has_unpaid_carer <> {{ cld_value('has_carer') }}
union all
select
    {{ breach('CAR-11', 'client_type') }}
from {{ ref('dq_rows') }} as rows_read
inner join carers_of_both_kinds
    on
        rows_read.submission_id = carers_of_both_kinds.submission_id
        and rows_read.la_person_unique_identifier
        = carers_of_both_kinds.la_person_unique_identifier
where
    rows_read.client_type = {{ cld_value('carer_known_by_association') }}
    or (
        rows_read.client_type = {{ cld_value('unpaid_carer') }}
        and rows_read.event_type is not null
    )
union all
select
    {{ breach('CAR-12', 'event_type') }}
from {{ ref('dq_rows') }} as rows_read
where
    (
        rows_read.client_type = {{ cld_value('carer_known_by_association') }}
        and rows_read.event_type is not null
    )
    or (
        coalesce(rows_read.client_type, '') <> {{ cld_value('carer_known_by_association') }}
        and rows_read.event_type is null
    )
union all
select
    {{ breach('CAR-13', 'method_of_assessment') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type in ({{ cld_value(['assessment', 'review']) }})
    and (
        (
            rows_read.method_of_assessment = {{ cld_value('assessed_carer_only') }}
            and rows_read.client_type <> {{ cld_value('unpaid_carer') }}
        )
        or (
            rows_read.method_of_assessment = {{ cld_value('assessed_service_user_only') }}
            and rows_read.client_type <> {{ cld_value('service_user') }}
        )
    )
union all
select
    {{ breach('CAR-13', 'method_of_review') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type in ({{ cld_value(['assessment', 'review']) }})
    and (
        (
            rows_read.method_of_review = {{ cld_value('reviewed_carer_only') }}
            and rows_read.client_type <> {{ cld_value('unpaid_carer') }}
        )
        or (
            rows_read.method_of_review = {{ cld_value('reviewed_service_user_only') }}
            and rows_read.client_type <> {{ cld_value('service_user') }}
        )
    )
