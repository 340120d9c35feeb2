-- How many people look the same in all that share_events tells of them, over all their rows: measured on the
-- shared rows of each recipient, in every column that is there.
{%- set special = share_columns(special=true) %}
{%- set all_columns = shared_columns(ref('share_events')) %}
{%- set quasi_columns = shared_columns(ref('share_events'), special.keys() | list) %}
with

shared as (
    select * from {{ ref('share_events') }}
),

recipients as (
    select * from {{ ref('share_recipients') }}
),

events as (
    select * from {{ ref('dhsc_events_single') }}
),

counted as (
    select
        events.la_code,
        count(distinct events.der_nhs_la_combined_person_id) as people
    from events
    group by events.la_code
),

people_described as (
    select
        shared.recipient_id,
        shared.la_code,
        shared.person_key,
        max(shared.release_id) as release_id,
        {{ shared_texts(all_columns) }} as description,
        {{ shared_texts(quasi_columns) }} as quasi_description,
        max(shared.birth_month) as birth_month,
        max(shared.birth_year) as birth_year,
        bool_or(
            {%- for column, withheld in special.items() %}
            shared.{{ column }} is distinct from {{ withheld }}
            {%- if not loop.last %} or{% endif %}
            {%- endfor %}
        ) as has_special_told
    from shared
    group by shared.recipient_id, shared.la_code, shared.person_key
),

people_alike as (
    select
        people_described.*,
        count(*) over (
            partition by
                people_described.recipient_id,
                people_described.la_code,
                people_described.description
        ) as people_alike
    from people_described
),

-- Of the people who are alike in the rest: how many different things are told of special categories.
special_values as (
    select
        people_described.recipient_id,
        people_described.la_code,
        count(distinct people_described.description) as special_values
    from people_described
    where people_described.has_special_told
    group by
        people_described.recipient_id,
        people_described.la_code,
        people_described.quasi_description
),

fewest_values as (
    select
        special_values.recipient_id,
        special_values.la_code,
        min(special_values.special_values) as special_values
    from special_values
    group by special_values.recipient_id, special_values.la_code
),

-- Two recipients who lay their rows together can join those whose keys both have.
keys_of_others as (
    select
        own.recipient_id,
        own.la_code,
        count(distinct own.person_key) as people
    from people_described as own
    inner join recipients as own_recipient on own.recipient_id = own_recipient.recipient_id
    inner join people_described as others
        on
            own.person_key = others.person_key
            and own.recipient_id <> others.recipient_id
    inner join recipients as other_recipient
        on
            others.recipient_id = other_recipient.recipient_id
            and own_recipient.keys_of <> other_recipient.keys_of
    group by own.recipient_id, own.la_code
),

-- What two who may join their rows can tell of a person together, for each pair.
joined_descriptions as (
    select
        own.recipient_id,
        own.la_code,
        count(*) as people
    from people_described as own
    inner join people_described as others
        on
            own.person_key = others.person_key
            and own.recipient_id <> others.recipient_id
    group by
        own.recipient_id, own.la_code, others.recipient_id, own.description, others.description
),

smallest_joined as (
    select
        joined_descriptions.recipient_id,
        joined_descriptions.la_code,
        min(joined_descriptions.people) as people
    from joined_descriptions
    group by joined_descriptions.recipient_id, joined_descriptions.la_code
),

summed as (
    select
        people_alike.recipient_id,
        people_alike.la_code,
        max(people_alike.release_id) as release_id,
        count(*) as people_shared,
        count(distinct people_alike.description) as descriptions,
        min(people_alike.people_alike) as smallest_group,
        sum(case when people_alike.birth_month is not null then 1 else 0 end)
            as people_with_birth_month,
        sum(case when people_alike.birth_year is not null then 1 else 0 end)
            as people_with_birth_year
    from people_alike
    group by people_alike.recipient_id, people_alike.la_code
)

select
    recipients.recipient_id,
    counted.la_code,
    summed.release_id,
    {{ setting('share_k') }} as least_group,
    cast(counted.people as bigint) as people,
    cast(coalesce(summed.people_shared, 0) as bigint) as people_shared,
    cast(counted.people - coalesce(summed.people_shared, 0) as bigint) as people_left_out,
    cast(coalesce(summed.descriptions, 0) as bigint) as descriptions,
    cast(summed.smallest_group as bigint) as smallest_group,
    cast(smallest_joined.people as bigint) as smallest_joined_group,
    cast(fewest_values.special_values as bigint) as fewest_special_values,
    cast(coalesce(keys_of_others.people, 0) as bigint) as keys_of_others,
    cast(coalesce(summed.people_with_birth_month, 0) as bigint) as people_with_birth_month,
    cast(coalesce(summed.people_with_birth_year, 0) as bigint) as people_with_birth_year
from counted
cross join recipients
left join summed
    on
        counted.la_code = summed.la_code
        and recipients.recipient_id = summed.recipient_id
left join fewest_values
    on
        counted.la_code = fewest_values.la_code
        and recipients.recipient_id = fewest_values.recipient_id
left join smallest_joined
    on
        counted.la_code = smallest_joined.la_code
        and recipients.recipient_id = smallest_joined.recipient_id
left join keys_of_others
    on
        counted.la_code = keys_of_others.la_code
        and recipients.recipient_id = keys_of_others.recipient_id
