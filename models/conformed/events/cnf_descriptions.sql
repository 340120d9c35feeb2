-- Free text of events as it may be sent: text that seems to identify somebody is blanked and named why.
with

texts as (
    select
        'contact' as source_table,
        contacts.contact_id as source_record_id,
        contacts.person_id,
        contacts.description
    from {{ ref('stg_extracts__contact') }} as contacts
    where contacts.description is not null
    union all
    select
        'assessment' as source_table,
        assessments.assessment_id as source_record_id,
        assessments.person_id,
        assessments.description
    from {{ ref('stg_extracts__assessment') }} as assessments
    where assessments.description is not null
    union all
    select
        'review' as source_table,
        reviews.review_id as source_record_id,
        reviews.person_id,
        reviews.description
    from {{ ref('stg_extracts__review') }} as reviews
    where reviews.description is not null
),

-- Any name of anybody in the extract, written as a name: with a capital, or all in capitals.
names as (
    select distinct upper(name_words.name_word) as name_word
    from (
        select {{ words("concat_ws(' ', people.forename, people.surname)") }} as name_word
        from {{ ref('stg_extracts__person') }} as people
    ) as name_words
    where length(name_words.name_word) >= 3
),

text_words as (
    select
        texts.source_table,
        texts.source_record_id,
        texts.person_id,
        {{ words('texts.description') }} as word
    from texts
),

-- The person's own names count in any capitals, and from two letters on if written with a capital.
own_names as (
    select distinct
        own_words.person_id,
        upper(own_words.name_word) as name_word
    from (
        select
            people.person_id,
            {{ words("concat_ws(' ', people.forename, people.surname)") }} as name_word
        from {{ ref('stg_extracts__person') }} as people
    ) as own_words
    where length(own_words.name_word) >= 2
),

texts_with_names as (
    select distinct
        text_words.source_table,
        text_words.source_record_id
    from text_words
    left join names
        on upper(text_words.word) = names.name_word
    left join own_names
        on
            text_words.person_id = own_names.person_id
            and upper(text_words.word) = own_names.name_word
    where
        (own_names.name_word is not null and length(own_names.name_word) >= 3)
        or (
            coalesce(names.name_word, own_names.name_word) is not null
            and {{ matches_pattern('text_words.word', '^\\p{Lu}') }}
        )
),

judged as (
    select
        texts.source_table,
        texts.source_record_id,
        texts.description,
        case
            when texts_with_names.source_record_id is not null then 'name'
            when
                {{ matches_pattern('texts.description', identifying_pattern('title')) }}
                or {{ matches_pattern('texts.description', identifying_pattern('relative')) }}
                then 'name'
            when
                {{ matches_pattern('texts.description', identifying_pattern('nhs_number')) }}
                then 'NHS number'
            when
                {{ matches_pattern('texts.description', identifying_pattern('telephone')) }}
                then 'telephone number'
            when
                {{ matches_pattern('texts.description', identifying_pattern('email')) }}
                then 'e-mail address'
            when
                {{ matches_pattern('texts.description', identifying_pattern('postcode')) }}
                then 'postcode'
            when
                {{ matches_pattern('texts.description', identifying_pattern('address')) }}
                then 'address'
            when
                {{ matches_pattern('texts.description', identifying_pattern('birth_date')) }}
                then 'date of birth'
        end as seems_to_hold
    from texts
    left join texts_with_names
        on
            texts.source_table = texts_with_names.source_table
            and texts.source_record_id = texts_with_names.source_record_id
)

select
    judged.source_table,
    judged.source_record_id,
    case when judged.seems_to_hold is null then judged.description end as event_description,
    judged.seems_to_hold
from judged
