-- What every listed value, Release 2 or Release 1, becomes when DHSC cleans it; and a submitted value
-- that the published list may hold in place of one of ours becomes that one.
with

code_lists as (

    select * from {{ ref('spec_code_lists') }}

),

release_pairs as (

    select * from {{ ref('spec_r1_to_r2') }}

),

release_2_values as (

    select
        code_lists.field,
        lower({{ end_trimmed('code_lists.value') }}) as value_key,
        code_lists.value as cleaned_value
    from code_lists
    where code_lists.release = '{{ dhsc_release() }}'

),

-- A Release 1 value without a successor: DHSC has a name of its own for outcomes.
release_1_values as (

    select
        release_pairs.field,
        lower({{ end_trimmed('release_pairs.r1_value') }}) as value_key,
        min(
            coalesce(
                release_pairs.r2_value,
                case
                    when release_pairs.field = 'Event Outcome'
                        then {{ dhsc_value('outcome_of_release_1_only') }}
                    else {{ dhsc_value('invalid') }}
                end
            )
        ) as cleaned_value
    from release_pairs
    where release_pairs.r1_value is not null
    group by release_pairs.field, lower({{ end_trimmed('release_pairs.r1_value') }})

),

listed as (

    select * from release_2_values
    union all
    select * from release_1_values

),

possible_values as (

    select
        possible_values.field,
        lower({{ end_trimmed('field_values.field_value') }}) as value_key,
        min(listed.cleaned_value) as cleaned_value
    from {{ ref('spec_possible_values') }} as possible_values
    inner join {{ ref('spec_fields') }} as fields
        on possible_values.field = fields.header
    inner join {{ ref('sub_field_values') }} as field_values
        on
            fields.snake_name = field_values.field_name
            and lower(field_values.field_value)
            like lower(replace(possible_values.value, '*', '%'))
    inner join listed
        on
            possible_values.field = listed.field
            and lower(possible_values.in_place_of) = listed.value_key
    group by possible_values.field, lower({{ end_trimmed('field_values.field_value') }})

)

select
    release_2_values.field,
    release_2_values.value_key,
    release_2_values.cleaned_value
from release_2_values
union all
select
    release_1_values.field,
    release_1_values.value_key,
    release_1_values.cleaned_value
from release_1_values
left join release_2_values
    on
        release_1_values.field = release_2_values.field
        and release_1_values.value_key = release_2_values.value_key
where release_2_values.value_key is null
union all
select
    possible_values.field,
    possible_values.value_key,
    possible_values.cleaned_value
from possible_values
left join release_2_values
    on
        possible_values.field = release_2_values.field
        and possible_values.value_key = release_2_values.value_key
left join release_1_values
    on
        possible_values.field = release_1_values.field
        and possible_values.value_key = release_1_values.value_key
where release_2_values.value_key is null and release_1_values.value_key is null
