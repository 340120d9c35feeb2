-- The one outcome of each event: of several recorded, the first in the published order (OUT-09). What an outcome of a
-- review means the mapping says (OUT-10).
with

records as (
    select
        'contact' as source_table,
        contacts.contact_id as source_record_id,
        'contact_outcome' as code_list,
        contacts.outcome_code as outcome_codes,
        cast(coalesce(contacts.completed_at, contacts.received_at) as date) as mapping_day
    from {{ ref('stg_extracts__contact') }} as contacts
    union all
    select
        'assessment' as source_table,
        assessments.assessment_id as source_record_id,
        'assessment_outcome' as code_list,
        assessments.outcome_code as outcome_codes,
        coalesce(
            assessments.form_end_date,
            cast(coalesce(assessments.completed_at, assessments.started_at) as date)
        ) as mapping_day
    from {{ ref('stg_extracts__assessment') }} as assessments
    union all
    select
        'review' as source_table,
        reviews.review_id as source_record_id,
        'review_outcome' as code_list,
        reviews.outcome_code as outcome_codes,
        cast(coalesce(reviews.completed_at, reviews.started_at) as date) as mapping_day
    from {{ ref('stg_extracts__review') }} as reviews
    union all
    select
        'service_package' as source_table,
        packages.package_id as source_record_id,
        'service_end_reason' as code_list,
        packages.end_reason_code as outcome_codes,
        coalesce(packages.end_date, packages.start_date) as mapping_day
    from {{ ref('stg_extracts__service_package') }} as packages
),

-- Forms that let people tick several outcomes export them in one cell: IAG;ASS or IAG|ASS.
single_codes as (
    select
        records.source_table,
        records.source_record_id,
        records.code_list,
        records.mapping_day,
        {{ split_codes('records.outcome_codes') }} as outcome_code
    from records
    where records.outcome_codes is not null
),

mapped as (
    select
        single_codes.source_table,
        single_codes.source_record_id,
        single_codes.code_list,
        single_codes.outcome_code,
        outcomes.cld_value,
        outcomes.mapping_id,
        listed.hierarchy_rank
    from single_codes
    left join {{ ref('cnf_map_codes') }} as outcomes
        on
            single_codes.code_list = outcomes.code_list
            and single_codes.outcome_code = outcomes.local_code
            and {{ in_force('outcomes', 'single_codes.mapping_day') }}
    left join {{ ref('spec_code_lists') }} as listed
        on
            listed.release = '{{ setting("cld_release") }}'
            and listed.field = 'Event Outcome'
            and outcomes.cld_value = listed.value
),

ranked as (
    select
        mapped.*,
        row_number() over (
            partition by mapped.source_table, mapped.source_record_id
            order by
                mapped.hierarchy_rank nulls last,
                mapped.cld_value nulls last,
                mapped.outcome_code
        ) as preference
    from mapped
)

select
    ranked.source_table,
    ranked.source_record_id,
    ranked.code_list,
    ranked.outcome_code,
    ranked.cld_value as event_outcome,
    ranked.mapping_id
from ranked
where ranked.preference = 1
