-- Wrong values that hold the name of a person of the same file (a shifted column): never repeated in results.
with

code_lists as (
    select * from {{ ref('spec_code_lists') }}
),

wrong_values as (
    select
        unlisted_values.submission_id,
        unlisted_values.field_name,
        unlisted_values.field_value
    from {{ ref('dq_unlisted_values') }} as unlisted_values
    union
    select
        breaches.submission_id,
        breaches.field_name,
        breaches.found_value as field_value
    from {{ ref('dq_rules_format') }} as breaches
    where breaches.found_value is not null
),

value_words as (
    select
        wrong_values.submission_id,
        wrong_values.field_name,
        wrong_values.field_value,
        {{ words('lower(wrong_values.field_value)') }} as word
    from wrong_values
),

-- Mr White is a person, "white" in Ethnicity is not he.
listed_words as (
    select distinct {{ words('lower(code_lists.value)') }} as word
    from code_lists
),

names as (
    select distinct
        rows_read.submission_id,
        {{ words("lower(concat_ws(' ', rows_read.first_name, rows_read.last_name))") }} as word
    from {{ ref('dq_rows') }} as rows_read
)

select distinct
    value_words.submission_id,
    value_words.field_name,
    value_words.field_value
from value_words
inner join names
    on
        value_words.submission_id = names.submission_id
        and value_words.word = names.word
        and length(names.word) >= 3
left join listed_words on value_words.word = listed_words.word
where listed_words.word is null
