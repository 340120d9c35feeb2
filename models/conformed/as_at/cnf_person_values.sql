-- The value of each dated field on each day that the return asks for: one row a person, field and day.
with

fields as (
    select * from {{ ref('spec_fields') }}
),

facts as (
    select * from {{ ref('cnf_person_history') }}
),

event_days as (
    select * from {{ ref('cnf_event_days') }}
),

-- latest_in_period asks once, for the last day of the period and any day before it back to the
-- first; as_at_event asks for the day of each event. Never both for one field of one file.
days_asked as (
    select distinct
        event_days.person_id,
        fields.header as cld_field,
        {{ date_setting('reporting_period_end') }} as as_at,
        {{ date_setting('reporting_period_start') }} as looks_back_to
    from event_days
    inner join fields
        on fields.value_rule = 'latest_in_period'
    union
    select distinct
        event_days.person_id,
        fields.header as cld_field,
        event_days.event_day as as_at,
        event_days.event_day as looks_back_to
    from event_days
    inner join fields
        on fields.value_rule = 'as_at_event'
),

candidates as (
    select
        days_asked.person_id,
        days_asked.cld_field,
        days_asked.as_at,
        facts.code_list,
        facts.raw_value,
        facts.cld_value,
        facts.mapping_id,
        facts.source_table,
        facts.source_record_id,
        facts.source_column,
        -- Another value has as good a claim: it began the same day and was recorded at the same moment. Two codes for
        -- one value of the return are none.
        min(coalesce(facts.cld_value, facts.raw_value)) over as_good
        <> max(coalesce(facts.cld_value, facts.raw_value)) over as_good as is_tied,
        row_number() over (
            partition by days_asked.person_id, days_asked.cld_field, days_asked.as_at
            order by
                (coalesce(facts.end_date, date '9999-12-31') >= days_asked.as_at) desc,
                facts.precedence desc,
                coalesce(facts.start_date, date '0001-01-01') desc,
                facts.recorded_at desc nulls last,
                facts.tie_break desc,
                facts.source_row desc,
                facts.source_record_id
        ) as preference
    from days_asked
    inner join facts
        on
            days_asked.person_id = facts.person_id
            and days_asked.cld_field = facts.cld_field
            and coalesce(facts.start_date, date '0001-01-01') <= days_asked.as_at
            and coalesce(facts.end_date, date '9999-12-31') >= days_asked.looks_back_to
    window as_good as (
        partition by
            days_asked.person_id,
            days_asked.cld_field,
            days_asked.as_at,
            coalesce(facts.end_date, date '9999-12-31') >= days_asked.as_at,
            facts.precedence,
            facts.start_date,
            facts.recorded_at,
            facts.tie_break
    )
)

select
    candidates.person_id,
    candidates.cld_field,
    candidates.as_at,
    candidates.code_list,
    candidates.raw_value,
    candidates.cld_value,
    candidates.mapping_id,
    candidates.source_table,
    candidates.source_record_id,
    candidates.source_column,
    coalesce(candidates.is_tied, false) as is_tied
from candidates
where candidates.preference = 1
