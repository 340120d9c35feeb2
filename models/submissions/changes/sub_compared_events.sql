-- Every event of the two latest submissions of a council that is not wholly the same in both: what each
-- file says of it, the fields that differ, and whether an event that one file lacks was due in it.
with

compared_files as (

    select * from {{ ref('sub_compared_files') }}

),

paired_rows as (

    select * from {{ ref('sub_paired_rows') }}

),

compared_rows as (

    select * from {{ ref('sub_compared_rows') }}

),

submitted_rows as (

    select * from {{ ref('sub_rows') }}

),

-- Services of the latest file that end on a 31 March: what begins anew the day after is a reset.
ended_with_the_year as (

    select
        compared_rows.council_code,
        compared_rows.kind_key,
        submitted_rows.event_end_date_date + 1 as next_day,
        max(submitted_rows.event_start_date_date) as start_date
    from compared_rows
    inner join submitted_rows
        on compared_rows.row_id = submitted_rows.row_id
    where
        compared_rows.side = 'new'
        and lower({{ trimmed('submitted_rows.event_type') }}) = {{ cld_value('service', 'key') }}
        and extract(month from submitted_rows.event_end_date_date) = 3
        and extract(day from submitted_rows.event_end_date_date) = 31
    group by compared_rows.council_code, compared_rows.kind_key, submitted_rows.event_end_date_date

),

events_of_files as (

    select distinct
        compared_rows.council_code,
        compared_rows.side,
        compared_rows.kind_and_start_key
    from compared_rows

),

compared as (

    select
        paired_rows.council_code,
        paired_rows.new_row_id,
        paired_rows.old_row_id,
        paired_rows.paired_by,
        coalesce(new_rows.event_type, old_rows.event_type) as event_type,
        coalesce(
            lower({{ trimmed('coalesce(new_rows.event_type, old_rows.event_type)') }})
            = {{ cld_value('service', 'key') }},
            false
        )
            as is_service,
        coalesce(new_rows.client_type, old_rows.client_type) as client_type,
        coalesce(new_rows.service_type, old_rows.service_type) as service_type,
        coalesce(new_rows.la_person_unique_identifier, old_rows.la_person_unique_identifier)
            as la_person_unique_identifier,
        coalesce(new_rows.nhs_number, old_rows.nhs_number) as nhs_number,
        coalesce(new_rows.event_reference, old_rows.event_reference) as event_reference,
        old_rows.event_start_date_date as old_start_date,
        new_rows.event_start_date_date as new_start_date,
        old_rows.event_end_date_date as old_end_date,
        new_rows.event_end_date_date as new_end_date,
        not coalesce(
            new_rows.event_start_date_date = old_rows.event_start_date_date,
            new_rows.event_start_date_date is null and old_rows.event_start_date_date is null
        ) as has_other_start,
        not coalesce(
            new_rows.event_end_date_date = old_rows.event_end_date_date,
            new_rows.event_end_date_date is null and old_rows.event_end_date_date is null
        ) as has_other_end,
        coalesce(new_rows.date_of_death_date, old_rows.date_of_death_date) as date_of_death,
        ended_with_the_year.start_date as start_before_reset,
        events_of_files.kind_and_start_key is not null as has_twin,
        compared_files.submission_id,
        compared_files.previous_submission_id,
        compared_files.stated_period_start,
        -- The period of the file that does not hold the event.
        case
            when paired_rows.new_row_id is null then compared_files.stated_period_start
            else compared_files.previous_period_start
        end as other_period_start,
        case
            when paired_rows.new_row_id is null then compared_files.stated_period_end
            else compared_files.previous_period_end
        end as other_period_end,
        nullif(
            concat_ws(
                ', '
                {%- for column in compared_columns() %},
                case
                    when {{ compared_value('new_rows', column) }}
                        is distinct from {{ compared_value('old_rows', column) }}
                        then '{{ column }}'
                end
                {%- endfor %}
            ),
            ''
        ) as other_fields_changed
    from paired_rows
    inner join compared_files
        on paired_rows.council_code = compared_files.la_code
    left join submitted_rows as new_rows
        on paired_rows.new_row_id = new_rows.row_id
    left join submitted_rows as old_rows
        on paired_rows.old_row_id = old_rows.row_id
    left join compared_rows
        on coalesce(paired_rows.new_row_id, paired_rows.old_row_id) = compared_rows.row_id
    left join ended_with_the_year
        on
            compared_rows.council_code = ended_with_the_year.council_code
            and compared_rows.kind_key = ended_with_the_year.kind_key
            and new_rows.event_start_date_date = ended_with_the_year.next_day
    left join events_of_files
        on
            compared_rows.council_code = events_of_files.council_code
            and compared_rows.side != events_of_files.side
            and compared_rows.kind_and_start_key = events_of_files.kind_and_start_key
            and paired_rows.paired_by is null
    where coalesce(paired_rows.paired_by, '') != 'nothing changed'

),

-- Whether an event that one file lacks was due in it: DHSC's own test of a row and a period.
judged as (

    select
        compared.*,
        coalesce(compared.old_start_date, compared.new_start_date) as start_date,
        coalesce(compared.old_end_date, compared.new_end_date) as end_date
    from compared

)

select
    judged.council_code,
    judged.submission_id,
    judged.previous_submission_id,
    judged.new_row_id,
    judged.old_row_id,
    judged.paired_by,
    judged.event_type,
    judged.is_service,
    judged.client_type,
    judged.service_type,
    judged.la_person_unique_identifier,
    judged.nhs_number,
    judged.event_reference,
    judged.old_start_date,
    judged.new_start_date,
    judged.old_end_date,
    judged.new_end_date,
    judged.has_other_start,
    judged.has_other_end,
    judged.start_before_reset,
    judged.has_twin,
    judged.stated_period_start,
    judged.other_fields_changed,
    not coalesce(
        judged.start_date > judged.other_period_end
        or judged.end_date < judged.other_period_start
        or (not judged.is_service and judged.end_date > judged.other_period_end)
        or (not judged.is_service and judged.end_date is null)
        or judged.date_of_death < judged.other_period_start,
        false
    ) as was_due
from judged
