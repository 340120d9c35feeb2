{#- Fails with each fact of the notice (gov_notice) whose words are not in the entry of the record that is to have
    it, and with each field or open question it names that is none. -#}
{% test says_what_the_notice_says(model) %}
select
    notice.fact_id,
    notice.section,
    notice.item_id
from {{ ref('gov_notice') }} as notice
left join {{ model }} as record
    on
        notice.section = record.section
        and notice.item_id = record.item_id
where
    record.item_id is null
    or not contains(record.title || ' ' || record.item_text, notice.said)
    or not starts_with(record.said_by, 'the notice')
union all
select
    named.fact_id,
    'field' as section,
    named.cld_field as item_id
from (
    select
        notice.fact_id,
        unnest(string_split(notice.cld_fields, '; ')) as cld_field
    from {{ ref('gov_notice') }} as notice
    where notice.cld_fields is not null
) as named
anti join {{ ref('spec_fields') }} as fields on named.cld_field = fields.header
union all
select
    notice.fact_id,
    'open question' as section,
    notice.how as item_id
from {{ ref('gov_notice') }} as notice
anti join {{ ref('gov_open_questions') }} as questions
    on contains(notice.how || ';', 'open question: ' || questions.question_id || ';')
where notice.standing = 'unsettled'
{% endtest %}
