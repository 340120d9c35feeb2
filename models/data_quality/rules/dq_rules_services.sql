-- SRV and REV rules: service type, component, mechanism, home and provider that do not fit each other.
with

value_sets as (
    select * from {{ ref('spec_rule_values') }}
),

pair_rules as (
    select * from {{ ref('spec_value_pairs') }}
),

value_pairs as (
    select distinct
        rows_read.service_type,
        rows_read.service_component
    from {{ ref('dq_rows') }} as rows_read
    where
        rows_read.event_type = {{ cld_value('service') }}
        and rows_read.service_type is not null
        and rows_read.service_component is not null
),

-- Each pair of values against each rule that speaks of one of them; * stands for any ending.
judged_pairs as (
    select
        value_pairs.service_type,
        value_pairs.service_component,
        pair_rules.rule_id,
        pair_rules.when_field,
        pair_rules.when_value,
        pair_rules.then_kind,
        max(
            case
                when
                    case
                        when pair_rules.when_field = 'service_type'
                            then value_pairs.service_component
                        else value_pairs.service_type
                    end like replace(pair_rules.then_value, '*', '%')
                    then 1
                else 0
            end
        ) as is_met
    from value_pairs
    inner join pair_rules
        on
            case
                when pair_rules.when_field = 'service_type' then value_pairs.service_type
                else value_pairs.service_component
            end like replace(pair_rules.when_value, '*', '%')
    where pair_rules.rule_id <> 'SRV-11'
    group by
        value_pairs.service_type,
        value_pairs.service_component,
        pair_rules.rule_id,
        pair_rules.when_field,
        pair_rules.when_value,
        pair_rules.then_kind
),

broken_pairs as (
    select distinct
        judged_pairs.service_type,
        judged_pairs.service_component,
        judged_pairs.rule_id
    from judged_pairs
    where
        (judged_pairs.then_kind = 'only' and judged_pairs.is_met = 0)
        or (judged_pairs.then_kind = 'never' and judged_pairs.is_met = 1)
),

-- Where a long term service says the person should live.
expected_homes as (
    select
        pair_rules.when_field,
        pair_rules.when_value,
        pair_rules.then_value as accommodation_status
    from pair_rules
    where pair_rules.rule_id = 'SRV-11'
),

people_with_short_term_support as (
    select distinct
        rows_read.submission_id,
        rows_read.la_person_unique_identifier
    from {{ ref('dq_rows') }} as rows_read
    where
        rows_read.event_type = {{ cld_value('service') }}
        and rows_read.service_type like {{ cld_value('any_short_term_support') }}
        and rows_read.la_person_unique_identifier is not null
),

-- Many rows, few providers: each name is looked at once.
provider_names as (
    select distinct rows_read.provider_cqc_location_name as provider_name
    from {{ ref('dq_rows') }} as rows_read
    where rows_read.provider_cqc_location_name is not null
),

providers_like_people as (
    select provider_names.provider_name
    from provider_names
    where
        {{ matches_pattern('provider_names.provider_name', identifying_pattern('title')) }}
        {% for kind in [
            'telephone', 'email', 'nhs_number', 'postcode', 'birth_date', 'assistant'
        ] %}
        or {{ matches_pattern('provider_names.provider_name', identifying_pattern(kind)) }}
        {% endfor %}
)

select
    {{ breach('SRV-01', 'delivery_mechanism') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.service_type = {{ cld_value('prison_support') }}
    and rows_read.delivery_mechanism = {{ cld_value('direct_payment') }}
union all
select
    {{ breach('SRV-02', 'delivery_mechanism') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.service_type in (
        {{ cld_value(['nursing_care', 'residential_care']) }}
    )
    and rows_read.delivery_mechanism is not null
union all
select
    {{ breach('SRV-03', 'delivery_mechanism', cld_value('direct_payment')) }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.service_component = {{ cld_value('direct_payment_component') }}
    and rows_read.delivery_mechanism <> {{ cld_value('direct_payment') }}
union all
select
    {{ breach('SRV-04', 'delivery_mechanism') }}
from {{ ref('dq_rows') }} as rows_read
inner join value_sets on rows_read.service_type = value_sets.value
where
    value_sets.rule_id = 'SRV-04'
    and rows_read.delivery_mechanism is null
union all
select
    rows_read.submission_id,
    rows_read.row_number,
    broken_pairs.rule_id,
    'service_component' as field_name,
    rows_read.service_component as found_value,
    cast(null as string) as suggestion
from {{ ref('dq_rows') }} as rows_read
inner join broken_pairs
    on
        rows_read.service_type = broken_pairs.service_type
        and rows_read.service_component = broken_pairs.service_component
where rows_read.event_type = {{ cld_value('service') }}
union all
select
    {{ breach('SRV-11', 'accommodation_status', 'expected_homes.accommodation_status') }}
from {{ ref('dq_rows') }} as rows_read
inner join expected_homes
    on
        case
            when expected_homes.when_field = 'service_type' then rows_read.service_type
            else rows_read.service_component
        end = expected_homes.when_value
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.service_type like {{ cld_value('any_long_term_support') }}
    and (
        rows_read.event_end_date is null
        or rows_read.event_end_day > rows_read.reporting_period_end_day
    )
    and rows_read.accommodation_status <> expected_homes.accommodation_status
union all
select
    {{ breach('SRV-12', 'client_funding_status') }}
from {{ ref('dq_rows') }} as rows_read
where
    rows_read.event_type = {{ cld_value('service') }}
    and rows_read.client_funding_status = {{ cld_value('unknown_client_funding_status') }}
union all
select
    {{ breach('SRV-13', 'provider_cqc_location_id') }}
from {{ ref('dq_rows') }} as rows_read
inner join value_sets on rows_read.service_component = value_sets.value
where
    rows_read.event_type = {{ cld_value('service') }}
    and value_sets.rule_id = 'SRV-13'
    and rows_read.provider_cqc_location_id is null
union all
-- The name of a personal assistant is that of a person.
select
    {{ breach('SRV-14', 'provider_cqc_location_name') }}
from {{ ref('dq_rows') }} as rows_read
inner join providers_like_people
    on rows_read.provider_cqc_location_name = providers_like_people.provider_name
union all
select
    {{ breach('REV-01', 'review_reason') }}
from {{ ref('dq_rows') }} as rows_read
left join people_with_short_term_support
    on
        rows_read.submission_id = people_with_short_term_support.submission_id
        and rows_read.la_person_unique_identifier
        = people_with_short_term_support.la_person_unique_identifier
where
    rows_read.event_type = {{ cld_value('review') }}
    and rows_read.review_reason = {{ cld_value('short_term_review') }}
    -- Whose review it is MAN-05 asks.
    and rows_read.la_person_unique_identifier is not null
    and people_with_short_term_support.submission_id is null
