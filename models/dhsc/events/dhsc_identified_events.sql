-- The rows that count in a period, each with the hash of the values by which DHSC tells one event from
-- another, and with what decides which row of an event is kept.
{#- jun2026 compares the values as submitted, sep2026 the cleaned ones. #}
{%- set suffix = '_key' if setting('method_version') == 'jun2026' else '_cleaned' %}
with

period_events as (

    select * from {{ ref('dhsc_selected_rows') }}
    where dropped_reason is null

),

cleaned_rows as (

    select * from {{ ref('dhsc_cleaned_rows') }}

),

outcomes as (

    select * from {{ ref('dhsc_event_outcomes') }}

)

select
    period_events.events_table,
    period_events.ref_period_start,
    period_events.ref_period_end,
    period_events.row_id,
    period_events.submission_id,
    period_events.der_event_end_date,
    cleaned_rows.la_code,
    cleaned_rows.is_service,
    cleaned_rows.der_birth_date,
    cleaned_rows.der_conversation,
    cleaned_rows.der_unique_record_id,
    coalesce(outcomes.hierarchy, 999) as outcome_rank,
    md5(concat_ws(
        '|',
        cleaned_rows.der_nhs_la_combined_person_id,
        coalesce(cleaned_rows.event_type{{ suffix }}, ''),
        coalesce(cleaned_rows.client_type{{ suffix }}, ''),
        cast(cleaned_rows.event_start_date as string),
        case
            when cleaned_rows.is_service
                then concat_ws(
                        '|',
                        coalesce(cleaned_rows.service_type{{ suffix }}, ''),
                        coalesce(cleaned_rows.service_component{{ suffix }}, '')
                    )
            else concat_ws(
                    '|',
                    cast(period_events.der_event_end_date as string),
                    case
                        when cleaned_rows.event_type_key like {{ dhsc_value('request', 'holds') }}
                            then coalesce(cleaned_rows.request_route_of_access{{ suffix }}, '')
                        when
                            cleaned_rows.event_type_key
                            like {{ dhsc_value('assessment', 'holds') }}
                            then coalesce(cleaned_rows.assessment_type{{ suffix }}, '')
                        else ''
                    end
                )
        end
    )) as event_hash,
    -- The single table keeps packages apart that differ in mechanism, cost or units; two equal
    -- lines (double-up care) still become one.
    case
        when period_events.events_table = 'single' and cleaned_rows.is_service
            then md5(concat_ws(
                    '|',
                    coalesce(cleaned_rows.delivery_mechanism_cleaned, ''),
                    coalesce(cast(cleaned_rows.unit_cost as string), ''),
                    coalesce(cleaned_rows.cost_frequency_unit_type_cleaned, ''),
                    coalesce(cast(cleaned_rows.planned_units_per_week as string), '')
                ))
        else ''
    end as package_hash
from period_events
inner join cleaned_rows
    on period_events.row_id = cleaned_rows.row_id
left join outcomes
    on cleaned_rows.event_outcome_cleaned = outcomes.event_outcome
