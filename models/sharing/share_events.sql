-- What a recipient may have of each person: one row per person and kind of event, told as finely as
-- share_k people who look the same allow, under keys of this recipient and this release alone.
-- sqlfluff misjudges the lines around macro calls here: -- noqa: disable=LT02
{%- set steps = share_steps() %}
with

share_rows as (
    select * from {{ ref('share_rows') }}
),

people as (
    select * from {{ ref('share_people') }}
),

files as (
    select * from {{ ref('sub_files') }}
),

recipients as (
    select * from {{ ref('share_recipients') }}
),

gate as (
    select * from {{ ref('dq_gate') }}
),

-- Named by what it was made of: other rows or another threshold are another release, with other keys.
releases as (
    select
        share_rows.la_code,
        share_rows.la_code || '-' || strftime(max(share_rows.period_end), '%Y%m%d') || '-'
        || substr(
            sha256(
                string_agg(distinct files.sha256, '|' order by files.sha256)
                || '|{{ setting('share_k') }}|{{ steps | length }}'
            ), 1, 12
        ) as release_id
    from share_rows
    inner join files on share_rows.submission_id = files.submission_id
    group by share_rows.la_code
),

-- People whom no step can hide are left out, and counted in share_k_anonymity.
told as (
    select distinct
        share_rows.la_code,
        share_rows.der_nhs_la_combined_person_id,
        share_rows.period_start,
        share_rows.period_end,
        {%- for column, withheld in share_columns().items() %}
        case people.step
            {%- for told in steps if told.get(column) %}
            when {{ steps.index(told) + 1 }} then share_rows.{{ told[column] }}
            {%- endfor %}
            else {{ withheld }}
        end as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from share_rows
    inner join people
        on
            share_rows.la_code = people.la_code
            and share_rows.der_nhs_la_combined_person_id = people.der_nhs_la_combined_person_id
)

select
    recipients.recipient_id,
    recipients.purposes,
    releases.release_id,
    {{ pseudonym(
        'row',
        "told.la_code || '|' || told.der_nhs_la_combined_person_id || '|' || concat_ws('|', "
        ~ "told.event_type, told.client_type, told.event_start, told.primary_support_reason, "
        ~ "told.service_type, told.event_outcome, told.accommodation_status, "
        ~ "told.request_route_of_access)"
    ) }} as row_key,
    {{ pseudonym('person', "told.la_code || '|' || told.der_nhs_la_combined_person_id") }}
        as person_key,
    told.la_code,
    told.period_start,
    told.period_end,
    told.age_band,
    told.gender,
    told.ethnic_group,
    told.birth_year,
    told.birth_month,
    told.has_died,
    told.event_type,
    told.client_type,
    told.event_start,
    told.primary_support_reason,
    told.service_type,
    told.event_outcome,
    told.accommodation_status,
    told.request_route_of_access
from told
inner join releases on told.la_code = releases.la_code
cross join recipients
-- Nothing is shared of a return that the checks hold back.
inner join gate on gate.is_good
-- By the keys: in the order of the people two recipients could lay their rows side by side.
order by recipients.recipient_id, row_key
