-- Every submitted value that is not, letter for letter, in the defined list of its field: what it is
-- instead (accepted all the same, a value of Release 1, or invalid) and which value is probably meant.
with

fields as (
    select * from {{ ref('spec_fields') }}
),

listed_values as (
    select
        fields.snake_name as field_name,
        listed_values.listed_value as value,
        listed_values.list_order as sort_order,
        listed_values.is_listed
    from {{ ref('dq_listed_values') }} as listed_values
    inner join fields on listed_values.field = fields.header
),

current_lists as (
    select
        listed_values.field_name,
        listed_values.value,
        listed_values.sort_order
    from listed_values
    where listed_values.is_listed
),

listed_fields as (
    select distinct current_lists.field_name
    from current_lists
),

-- The rule of the catalogue that checks the list of a field.
list_rules as (
    select
        rules.rule_id,
        fields.snake_name as field_name
    from {{ ref('spec_rules') }} as rules
    inner join fields on rules.fields = fields.header
    where rules.rule_id like 'LST-%'
),

earlier_values as (
    select * from {{ ref('dq_release_1_values') }}
),

unlisted_values as (
    select
        field_values.submission_id,
        field_values.field_name,
        field_values.field_value,
        field_values.row_count
    from {{ ref('sub_field_values') }} as field_values
    inner join listed_fields on field_values.field_name = listed_fields.field_name
    left join current_lists
        on
            field_values.field_name = current_lists.field_name
            and field_values.field_value = current_lists.value
    where
        current_lists.value is null
        and not {{ is_only_spaces('field_values.field_value') }}
),

distinct_unlisted as (
    select distinct
        unlisted_values.field_name,
        unlisted_values.field_value
    from unlisted_values
),

accepted_values as (
    select distinct
        distinct_unlisted.field_name,
        distinct_unlisted.field_value
    from distinct_unlisted
    inner join listed_values
        on
            distinct_unlisted.field_name = listed_values.field_name
            and distinct_unlisted.field_value like replace(listed_values.value, '*', '%')
    where not listed_values.is_listed
),

-- What a wrong value may have been: a listed one, or one of Release 1, which has another spelling now.
possible_meanings as (
    select
        current_lists.field_name,
        current_lists.value,
        current_lists.value as value_now,
        1 as release_order,
        current_lists.sort_order
    from current_lists
    union all
    select
        earlier_values.field_name,
        earlier_values.earlier_value,
        earlier_values.value_now,
        2 as release_order,
        0 as sort_order
    from earlier_values
    where earlier_values.value_now is not null
),

-- A column of the export that is too narrow: the value is how one listed value begins. Where several
-- begin so, which was meant is not for us to say.
cut_off_values as (
    select
        distinct_unlisted.field_name,
        distinct_unlisted.field_value,
        min(possible_meanings.value_now) as whole_value,
        count(distinct possible_meanings.value_now) as whole_value_count
    from distinct_unlisted
    inner join possible_meanings
        on
            distinct_unlisted.field_name = possible_meanings.field_name
            and length({{ trimmed('distinct_unlisted.field_value') }}) >= 8
            and length(possible_meanings.value) > length({{ trimmed('distinct_unlisted.field_value') }})
            and left(lower(possible_meanings.value), length({{ trimmed('distinct_unlisted.field_value') }}))
            = lower({{ trimmed('distinct_unlisted.field_value') }})
    group by distinct_unlisted.field_name, distinct_unlisted.field_value
),

likenesses as (
    select
        distinct_unlisted.field_name,
        distinct_unlisted.field_value,
        possible_meanings.value_now as nearest_value,
        possible_meanings.release_order,
        possible_meanings.sort_order,
        {{ text_similarity(
            'lower(' ~ strip_spaces('distinct_unlisted.field_value') ~ ')',
            'lower(possible_meanings.value)'
        ) }} as similarity
    from distinct_unlisted
    inner join possible_meanings on distinct_unlisted.field_name = possible_meanings.field_name
),

nearness as (
    select
        likenesses.field_name,
        likenesses.field_value,
        likenesses.nearest_value,
        likenesses.similarity,
        row_number() over (
            partition by likenesses.field_name, likenesses.field_value
            order by
                likenesses.similarity desc, likenesses.release_order, likenesses.sort_order,
                likenesses.nearest_value
        ) as place
    from likenesses
)

select
    unlisted_values.submission_id,
    unlisted_values.field_name,
    unlisted_values.field_value,
    unlisted_values.row_count,
    list_rules.rule_id,
    case
        when accepted_values.field_value is not null then 'Passed: Valid'
        when earlier_values.earlier_value is not null then 'Failed: Release 1'
        else 'Failed: Invalid'
    end as field_validity,
    earlier_values.earlier_value is not null as is_earlier,
    earlier_values.value_now,
    accepted_values.field_value is null and earlier_values.earlier_value is null
    and coalesce(cut_off_values.whole_value_count = 1, false) as is_cut_off,
    case
        when accepted_values.field_value is not null then null
        when earlier_values.earlier_value is not null then earlier_values.value_now
        when cut_off_values.whole_value_count = 1 then cut_off_values.whole_value
        when cut_off_values.whole_value_count > 1 then null
        when nearness.similarity >= 0.85 then nearness.nearest_value
    end as suggestion
from unlisted_values
inner join list_rules on unlisted_values.field_name = list_rules.field_name
left join accepted_values
    on
        unlisted_values.field_name = accepted_values.field_name
        and unlisted_values.field_value = accepted_values.field_value
left join earlier_values
    on
        unlisted_values.field_name = earlier_values.field_name
        and unlisted_values.field_value = earlier_values.earlier_value
left join cut_off_values
    on
        unlisted_values.field_name = cut_off_values.field_name
        and unlisted_values.field_value = cut_off_values.field_value
left join nearness
    on
        unlisted_values.field_name = nearness.field_name
        and unlisted_values.field_value = nearness.field_value
        and nearness.place = 1
