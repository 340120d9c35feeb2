-- FIL-01 to FIL-08 and FIL-14 to FIL-18, once on the file, and FIL-12: cells that hold a word for nothing.
with

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

header_faults as (
    select * from {{ ref('sub_header_faults') }}
),

derived_periods as (
    select * from {{ ref('sub_event_spans') }}
),

council_codes as (
    select
        rows_read.submission_id,
        count(distinct coalesce(rows_read.la_code, '')) as code_count,
        count(councils.cassr_code) as known_count,
        count(*) as row_count
    from {{ ref('dq_rows') }} as rows_read
    left join {{ ref('spec_councils') }} as councils on rows_read.la_code = councils.cassr_code
    group by rows_read.submission_id
),

stated_periods as (
    select distinct
        rows_read.submission_id,
        rows_read.reporting_period_start_date,
        rows_read.reporting_period_end_date,
        rows_read.reporting_period_start_day as start_day,
        rows_read.reporting_period_end_day as end_day,
        rows_read.submission_day
    from {{ ref('dq_rows') }} as rows_read
),

-- What the date rules may judge: a pair of which one half is blank or no date takes no part.
readable_periods as (
    select * from stated_periods
    where stated_periods.start_day is not null and stated_periods.end_day is not null
),

-- Every event type; and the client types of whom every council knows some: who is a carer by association alone has no
-- events of their own.
wanted_values as (
    select
        'FIL-08' as rule_id,
        'event_type' as field_name,
        code_lists.value as wanted_value
    from {{ ref('spec_code_lists') }} as code_lists
    where code_lists.release = '{{ setting("cld_release") }}' and code_lists.field = 'Event Type'
    {% for name in ['service_user', 'unpaid_carer'] %}
    union all
    select
        'FIL-18' as rule_id,
        'client_type' as field_name,
        {{ cld_value(name) }} as wanted_value
    {% endfor %}
),

-- A file in the words of the release before has them as well.
submitted_values as (
    select
        field_values.submission_id,
        field_values.field_name,
        coalesce(earlier_values.value_now, field_values.field_value) as field_value
    from {{ ref('sub_field_values') }} as field_values
    left join {{ ref('dq_earlier_values') }} as earlier_values
        on
            field_values.submission_id = earlier_values.submission_id
            and field_values.field_name = earlier_values.field_name
            and field_values.field_value = earlier_values.field_value
),

quiet_stretches as (
    select * from {{ ref('dq_quiet_stretches') }}
),

fields as (
    select * from {{ ref('spec_fields') }}
),

-- The commonest value of each field first, so that the beginning of the list tells of all fields.
earlier_values as (
    select
        *,
        row_number() over (
            partition by earlier_values.submission_id, earlier_values.field_name
            order by earlier_values.row_count desc, earlier_values.field_value
        ) as place_in_field
    from {{ ref('dq_earlier_values') }} as earlier_values
    where earlier_values.is_of_whole_file
),

file_breaches as (
    select
        header_faults.submission_id,
        'FIL-01' as rule_id,
        cast(null as string) as field_name,
        {{ joined_text(
            "header_faults.header || ' (' || header_faults.fault || ')'", "'; '",
            'header_faults.header, header_faults.fault'
        ) }}
            as found_value
    from header_faults
    group by header_faults.submission_id
    union all
    select
        council_codes.submission_id,
        'FIL-02' as rule_id,
        'la_code' as field_name,
        cast(null as string) as found_value
    from council_codes
    where council_codes.code_count > 1 or council_codes.known_count < council_codes.row_count
    union all
    select
        submissions.submission_id,
        'FIL-03' as rule_id,
        'reporting_period_end_date' as field_name,
        cast(count(stated_periods.submission_id) as string) as found_value
    from submissions
    left join stated_periods
        on
            submissions.submission_id = stated_periods.submission_id
            and stated_periods.reporting_period_start_date is not null
            and stated_periods.reporting_period_end_date is not null
    group by submissions.submission_id
    having count(stated_periods.submission_id) <> 1
    union all
    select
        readable_periods.submission_id,
        'FIL-04' as rule_id,
        'reporting_period_end_date' as field_name,
        max(
            readable_periods.reporting_period_start_date
            || ' to ' || readable_periods.reporting_period_end_date
        ) as found_value
    from readable_periods
    where
        readable_periods.start_day >= readable_periods.end_day
        or extract(day from readable_periods.start_day) <> 1
        or extract(day from {{ add_days('readable_periods.end_day', 1) }}) <> 1
        or readable_periods.end_day
        <> cast(
            readable_periods.start_day + interval '1' year - interval '1' day as date
        )
    group by readable_periods.submission_id
    union all
    select
        readable_periods.submission_id,
        'FIL-05' as rule_id,
        'reporting_period_end_date' as field_name,
        max(readable_periods.reporting_period_end_date) as found_value
    from readable_periods
    where
        extract(month from readable_periods.end_day) not in (3, 6, 9, 12)
        or extract(day from {{ add_days('readable_periods.end_day', 1) }}) <> 1
    group by readable_periods.submission_id
    union all
    select
        stated_periods.submission_id,
        'FIL-06' as rule_id,
        'reporting_period_end_date' as field_name,
        max(stated_periods.reporting_period_end_date) as found_value
    from stated_periods
    where stated_periods.submission_day <= stated_periods.end_day
    group by stated_periods.submission_id
    union all
    select
        derived_periods.submission_id,
        'FIL-07' as rule_id,
        'event_end_date' as field_name,
        coalesce(
            cast(derived_periods.derived_period_start as string)
            || ' to ' || cast(derived_periods.derived_period_end as string),
            'no period'
        ) as found_value
    from derived_periods
    inner join submissions on derived_periods.submission_id = submissions.submission_id
    -- Only a period stated as dd/mm/yyyy can be compared.
    inner join readable_periods
        on
            submissions.submission_id = readable_periods.submission_id
            and submissions.stated_period_start = readable_periods.start_day
            and submissions.stated_period_end = readable_periods.end_day
    where
        derived_periods.reading = 'rule'
        and derived_periods.ended_event_count >= 100
        and (
            derived_periods.derived_period_start is distinct from submissions.stated_period_start
            or derived_periods.derived_period_end is distinct from submissions.stated_period_end
        )
    union all
    select
        submissions.submission_id,
        wanted_values.rule_id,
        wanted_values.field_name,
        {{ joined_text('wanted_values.wanted_value', "'; '", 'wanted_values.wanted_value') }} as found_value
    from submissions
    cross join wanted_values
    left join submitted_values
        on
            submissions.submission_id = submitted_values.submission_id
            and wanted_values.field_name = submitted_values.field_name
            and wanted_values.wanted_value = submitted_values.field_value
    where submitted_values.field_value is null
    group by submissions.submission_id, wanted_values.rule_id, wanted_values.field_name
    union all
    select
        earlier_values.submission_id,
        'FIL-14' as rule_id,
        cast(null as string) as field_name,
        {{ joined_text(
            "fields.header || ': ' || earlier_values.field_value || ' is now '"
            ~ " || coalesce(earlier_values.value_now, 'in no list')", "'; '",
            'earlier_values.place_in_field, fields.field_order'
        ) }} as found_value
    from earlier_values
    inner join fields on earlier_values.field_name = fields.snake_name
    group by earlier_values.submission_id
    union all
    {% for rule_id, column in {'FIL-15': 'empty_lines', 'FIL-16': 'days_in_doubt'}.items() %}
    select
        submissions.submission_id,
        '{{ rule_id }}' as rule_id,
        cast(null as string) as field_name,
        submissions.{{ column }} as found_value
    from submissions
    where submissions.{{ column }} is not null
    union all
    {% endfor %}
    select
        quiet_stretches.submission_id,
        'FIL-17' as rule_id,
        'event_start_date' as field_name,
        {{ joined_text(
            "quiet_stretches.event_type || ', ' || quiet_stretches.client_type || ': '"
            ~ " || cast(quiet_stretches.begins_on as string) || ' to ' || cast(quiet_stretches.ends_on as string)",
            "'; '", 'quiet_stretches.event_type, quiet_stretches.client_type, quiet_stretches.begins_on'
        ) }} as found_value
    from quiet_stretches
    group by quiet_stretches.submission_id
)

select
    file_breaches.submission_id,
    cast(null as integer) as row_number,
    file_breaches.rule_id,
    file_breaches.field_name,
    file_breaches.found_value,
    cast(null as string) as suggestion
from file_breaches
union all
select
    cells.submission_id,
    cells.row_number,
    'FIL-12' as rule_id,
    cells.field_name,
    cells.field_value as found_value,
    cast(null as string) as suggestion
from {{ cells(ref('sub_rows'), ['submission_id', 'row_number'], cld_fields()) }} as cells
where
    (
        upper({{ trimmed('cells.field_value') }}) in ('NULL', 'N/A')
        -- Null is a surname.
        and (cells.field_name <> 'last_name' or cells.field_value = upper(cells.field_value))
    )
    or {{ is_only_spaces('cells.field_value') }}
