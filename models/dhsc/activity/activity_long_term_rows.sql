-- Long term support rows behind the activity tables LTS001a (any time in the year), LTS001b (on the
-- last day) and LTS001c (on the last day, for more than 12 months). One row per table and service.
with

events as (

    select * from {{ ref('ascof_events') }}
    where
        is_service
        and is_long_term
        and client_type = {{ dhsc_value('service_user') }}
        and der_birth_date is not null

),

joined_events as (

    select * from {{ ref('dhsc_events_joined') }}

),

period as (

    select
        {{ date_setting('reporting_period_start') }} as period_start,
        {{ date_setting('reporting_period_end') }} as period_end

),

-- Only the row before is looked at, as in NHS England's code: a short service inside a longer one can
-- break a chain.
with_previous_end as (

    select
        events.*,
        lag(events.event_end_date) over (
            partition by events.la_code, events.der_nhs_la_combined_person_id
            order by events.event_start_date, events.event_end_date, events.der_unique_record_id
        ) as previous_end_date
    from events

),

chained as (

    select
        with_previous_end.*,
        sum(
            case
                when
                    with_previous_end.previous_end_date is null
                    or {{ dbt.datediff(
                        'with_previous_end.previous_end_date',
                        'with_previous_end.event_start_date',
                        'day'
                    ) }} > 1
                    then 1
                else 0
            end
        ) over (
            partition by
                with_previous_end.la_code,
                with_previous_end.der_nhs_la_combined_person_id
            order by
                with_previous_end.event_start_date,
                with_previous_end.event_end_date,
                with_previous_end.der_unique_record_id
            rows between unbounded preceding and current row
        ) as chain_number
    from with_previous_end

),

long_term_services as (

    select
        chained.*,
        min(chained.event_start_date) over (
            partition by
                chained.la_code,
                chained.der_nhs_la_combined_person_id,
                chained.chain_number
        ) as chain_start_date
    from chained

),

in_tables as (

    select
        'LTS001a' as activity_table,
        long_term_services.*
    from long_term_services
    cross join period
    where
        long_term_services.event_start_date <= period.period_end
        and long_term_services.event_end_date >= period.period_start
        and (
            long_term_services.date_of_death is null
            or long_term_services.date_of_death >= period.period_start
        )
    union all
    select
        'LTS001b' as activity_table,
        long_term_services.*
    from long_term_services
    cross join period
    where
        long_term_services.event_start_date <= period.period_end
        and long_term_services.event_end_date >= period.period_end
        and (
            long_term_services.date_of_death is null
            or long_term_services.date_of_death >= period.period_end
        )
    union all
    -- The page says on or before the day a year earlier; the code says before it.
    select
        'LTS001c' as activity_table,
        long_term_services.*
    from long_term_services
    cross join period
    where
        long_term_services.chain_start_date
        < cast({{ dbt.dateadd('year', -1, 'period.period_end') }} as date)
        and long_term_services.event_start_date <= period.period_end
        and long_term_services.event_end_date >= period.period_end
        and (
            long_term_services.date_of_death is null
            or long_term_services.date_of_death >= period.period_end
        )

)

select
    in_tables.activity_table,
    in_tables.la_code,
    in_tables.kept_row_id,
    in_tables.der_nhs_la_combined_person_id,
    in_tables.event_start_date,
    in_tables.service_type,
    in_tables.service_component,
    in_tables.delivery_mechanism,
    joined_events.primary_support_reason_cleaned as primary_support_reason,
    joined_events.employment_status_cleaned as employment_status,
    joined_events.accommodation_status_cleaned as accommodation_status,
    {{ dhsc_age('in_tables.der_birth_date', date_setting('reporting_period_end')) }} as age
from in_tables
inner join joined_events
    on in_tables.kept_row_id = joined_events.kept_row_id
