-- Providers as they may be sent: the name of a personal assistant, or what identifies one, is blanked and named why.
with

providers as (
    select * from {{ ref('stg_extracts__provider') }}
),

name_words as (
    select
        upper({{ words('people.forename') }}) as name_word,
        'forename' as kind
    from {{ ref('stg_extracts__person') }} as people
    union
    select
        upper({{ words('people.surname') }}) as name_word,
        'surname' as kind
    from {{ ref('stg_extracts__person') }} as people
),

provider_words as (
    select
        providers.provider_id,
        upper({{ words('providers.cqc_location_name') }}) as word
    from providers
    where providers.cqc_location_id is null
),

-- Two or three words, all names of people in the extracts, a forename and a surname among them: that is
-- how a personal assistant stands in a list of providers. A home that the CQC registers may be called
-- Grace Lodge.
named_after_people as (
    select provider_words.provider_id
    from provider_words
    left join name_words
        on provider_words.word = name_words.name_word
    group by provider_words.provider_id
    having
        count(distinct provider_words.word) in (2, 3)
        and bool_and(name_words.name_word is not null or length(provider_words.word) = 1)
        and bool_or(name_words.kind = 'forename')
        and bool_or(name_words.kind = 'surname')
),

-- A provider all of whose services are direct payments, no location that the CQC registers, and two or
-- three words with a capital of which none belongs to an organisation: so stands a personal assistant
-- whom no extract knows as a person.
paid_directly as (
    select service_lines.provider_id
    from {{ ref('cnf_service_lines') }} as service_lines
    where service_lines.provider_id is not null
    group by service_lines.provider_id
    having
        bool_and(
            coalesce(
                service_lines.delivery_mechanism = {{ cld_value('direct_payment') }}
                or service_lines.service_component = {{ cld_value('direct_payment_component') }},
                false
            )
        )
),

named_like_people as (
    select providers.provider_id
    from providers
    inner join paid_directly
        on providers.provider_id = paid_directly.provider_id
    where
        providers.cqc_location_id is null
        and {{ matches_pattern('providers.cqc_location_name', identifying_pattern('full_name')) }}
        and not exists (
            select 1
            from provider_words
            inner join {{ ref('organisation_words') }} as organisation_words
                on
                    lower(provider_words.word) = organisation_words.word
                    or (
                        organisation_words.is_part = 'yes'
                        and position(organisation_words.word in lower(provider_words.word)) > 0
                    )
            where provider_words.provider_id = providers.provider_id
        )
),

judged as (
    select
        providers.*,
        case
            when named_after_people.provider_id is not null then 'name'
            when named_like_people.provider_id is not null then 'name'
            when
                {{ matches_pattern('providers.cqc_location_name', identifying_pattern('title')) }}
                then 'name'
            when
                providers.cqc_location_id is null
                and {{ matches_pattern(
                    'providers.cqc_location_name', identifying_pattern('assistant')
                ) }}
                then 'name'
            {%- for kind, said in {
                'nhs_number': 'NHS number', 'telephone': 'telephone number', 'email': 'e-mail address',
                'postcode': 'postcode', 'birth_date': 'date of birth', 'address': 'address',
            }.items() %}
            when
                {{ matches_pattern('providers.cqc_location_name', identifying_pattern(kind)) }}
                then '{{ said }}'
            {%- endfor %}
        end as seems_to_hold
    from providers
    left join named_after_people
        on providers.provider_id = named_after_people.provider_id
    left join named_like_people
        on providers.provider_id = named_like_people.provider_id
)

select
    judged.provider_id,
    judged.cqc_location_id,
    case when judged.seems_to_hold is null then judged.cqc_location_name end as cqc_location_name,
    judged.seems_to_hold
from judged
