-- The record of processing activities (UK GDPR Article 30) of the return, as the council's notice has it.
with

submission as (
    select * from {{ ref('cld_submission') }}
),

texts as (
    select * from {{ ref('gov_processing_texts') }}
),

purposes as (
    select * from {{ ref('gov_purposes') }}
),

legal_bases as (
    select * from {{ ref('gov_legal_bases') }}
),

recipients as (
    select * from {{ ref('gov_recipients') }}
),

further_sharing as (
    select * from {{ ref('gov_further_sharing') }}
),

exposures as (
    select * from {{ ref('gov_exposures') }}
),

open_questions as (
    select * from {{ ref('gov_open_questions') }}
),

-- What the council says of itself, as settings.
own_words as (
    {%- for name in ['controller', 'controller_contact', 'data_protection_officer'] %}
    select
        '{{ name }}' as item_id,
        coalesce(
            nullif({{ quoted(setting(name)) }}, ''),
            'Not given: the council says it in the setting {{ name }}'
        ) as item_text
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

entries as (
    select
        1 as section_order,
        'Activity' as section,
        texts.item_id,
        texts.title,
        coalesce(own_words.item_text, texts.item_text) as item_text,
        cast(null as varchar) as served_by,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        texts.source
    from texts
    left join own_words on texts.item_id = own_words.item_id
    union all
    select
        2 as section_order,
        'Purpose' as section,
        purposes.purpose_id as item_id,
        'Purpose ' || purposes.purpose_id as title,
        purposes.purpose as item_text,
        purposes.outputs as served_by,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        purposes.source
    from purposes
    union all
    select
        3 as section_order,
        'Legal basis' as section,
        legal_bases.basis_id as item_id,
        'Legal basis' as title,
        legal_bases.basis as item_text,
        legal_bases.note as served_by,
        legal_bases.valid_from,
        legal_bases.valid_to,
        legal_bases.source
    from legal_bases
    union all
    select
        4 as section_order,
        'Recipient' as section,
        recipients.recipient_id as item_id,
        recipients.recipient as title,
        recipients.sees || '. Purposes: ' || recipients.purposes || '. Cadence: '
        || recipients.cadence as item_text,
        exposures.models as served_by,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        recipients.source
    from recipients
    left join exposures on recipients.exposure = exposures.exposure
    union all
    select
        5 as section_order,
        'Further sharing' as section,
        further_sharing.sharing_id as item_id,
        further_sharing.organisation as title,
        further_sharing.what as item_text,
        further_sharing.agreement as served_by,
        further_sharing.valid_from,
        further_sharing.valid_to,
        further_sharing.source
    from further_sharing
    union all
    select
        6 as section_order,
        'Open question' as section,
        open_questions.question_id as item_id,
        open_questions.title,
        'The notice: ' || open_questions.notice_says || '. In practice: ' || open_questions.practice
        || '. ' || open_questions.question as item_text,
        coalesce('Answer: ' || open_questions.answer, 'Open: the council is asked to settle it')
            as served_by,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        'this product: ' || open_questions.practice_source as source
    from open_questions
)

select
    cast(entries.section_order as integer) as section_order,
    entries.section,
    entries.item_id,
    entries.title,
    entries.item_text,
    entries.served_by,
    entries.valid_from,
    entries.valid_to,
    coalesce(entries.valid_from <= submission.submission_date, true)
    and coalesce(entries.valid_to >= submission.submission_date, true) as is_in_force,
    -- What the product adds is marked as the product's, part by part in the source.
    case
        when entries.source like 'the council''s privacy notice%this product%'
            then 'the notice, with an addition of the product'
        when entries.source like 'the council''s privacy notice%' then 'the notice'
        when entries.source like 'this product%' then 'the product'
        else 'the council'
    end as said_by,
    entries.source
from entries
cross join submission
