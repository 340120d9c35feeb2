-- What each word of the closed vocabularies means: the council's own words win over those of the specification.
{{ config(materialized='table') }}
with

own_words as (
    select * from {{ mapping('map_words') }}
),

known_words as (
    select * from {{ ref('spec_words') }}
),

code_mappings as (
    select * from {{ mapping('map_codes') }}
),

spoken as (
    select
        own_words.vocabulary,
        own_words.word,
        own_words.meaning,
        1 as preference
    from own_words
    where {{ clean_text('own_words.meaning') }} is not null
    union all
    select
        known_words.vocabulary,
        known_words.word,
        known_words.meaning,
        3 as preference
    from known_words
    union all
    -- A role that map_codes makes a client type of is known by that, and means itself.
    select
        code_mappings.code_list as vocabulary,
        code_mappings.local_code as word,
        upper({{ clean_text('code_mappings.local_code') }}) as meaning,
        2 as preference
    from code_mappings
    where
        code_mappings.code_list = 'subject_role'
        and {{ clean_text('code_mappings.cld_value') }} is not null
),

ranked as (
    select
        {{ clean_text('spoken.vocabulary') }} as vocabulary,
        {{ word_key('spoken.word') }} as word_key,
        upper({{ clean_text('spoken.meaning') }}) as meaning,
        row_number() over (
            partition by {{ clean_text('spoken.vocabulary') }}, {{ word_key('spoken.word') }}
            order by spoken.preference, spoken.meaning
        ) as preference
    from spoken
)

select
    ranked.vocabulary,
    ranked.word_key,
    ranked.meaning
from ranked
where ranked.preference = 1 and ranked.word_key is not null
