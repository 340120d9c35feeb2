-- What changed between the two latest submissions of each council: one row per event that was added,
-- removed, ended, reopened, changed or had its start reset. Events that stayed as they were are left out.
with compared_files as (

    select * from {{ ref('sub_compared_files') }}

),

paired_rows as (

    select * from {{ ref('sub_paired_rows') }}

),

rows_ as (

    select * from {{ ref('sub_rows') }}

),

-- Services that look alike and start apart are one service reset only where no second one was open:
-- for other kinds of event a new start is a new event, unless the reference says it is the same.
pairs as (

    select
        paired_rows.council_code,
        paired_rows.new_row_id,
        paired_rows.old_row_id
    from paired_rows
    left join rows_ as new_rows
        on paired_rows.new_row_id = new_rows.row_id
    left join rows_ as old_rows
        on paired_rows.old_row_id = old_rows.row_id
    where
        paired_rows.paired_by is distinct from 'person and kind'
        or (
            lower(new_rows.event_type) = 'service'
            and old_rows.event_end_date_date is null
            and new_rows.event_start_date_date is distinct from old_rows.event_start_date_date
        )

),

all_pairs as (

    select
        pairs.council_code,
        pairs.new_row_id,
        pairs.old_row_id
    from pairs
    union all
    select
        paired_rows.council_code,
        paired_rows.new_row_id,
        cast(null as varchar) as old_row_id
    from paired_rows
    left join pairs
        on paired_rows.new_row_id = pairs.new_row_id
    where paired_rows.new_row_id is not null and pairs.new_row_id is null
    union all
    select
        paired_rows.council_code,
        cast(null as varchar) as new_row_id,
        paired_rows.old_row_id
    from paired_rows
    left join pairs
        on paired_rows.old_row_id = pairs.old_row_id
    where paired_rows.old_row_id is not null and pairs.old_row_id is null

),

compared as (

    select
        all_pairs.council_code,
        all_pairs.new_row_id,
        all_pairs.old_row_id,
        coalesce(new_rows.event_type, old_rows.event_type) as event_type,
        coalesce(new_rows.la_person_unique_identifier, old_rows.la_person_unique_identifier)
            as la_person_unique_identifier,
        coalesce(new_rows.event_reference, old_rows.event_reference) as event_reference,
        old_rows.event_start_date_date as old_start_date,
        new_rows.event_start_date_date as new_start_date,
        old_rows.event_end_date_date as old_end_date,
        new_rows.event_end_date_date as new_end_date,
        compared_files.submission_id,
        compared_files.previous_submission_id,
        compared_files.stated_period_start,
        compared_files.previous_period_end,
        nullif(
            concat_ws(
                ', '
                {%- for column in compared_columns() %},
                case
                    when new_rows.{{ column }} is distinct from old_rows.{{ column }}
                        then '{{ column }}'
                end
                {%- endfor %}
            ),
            ''
        ) as other_fields_changed
    from all_pairs
    inner join compared_files
        on all_pairs.council_code = compared_files.la_code
    left join rows_ as new_rows
        on all_pairs.new_row_id = new_rows.row_id
    left join rows_ as old_rows
        on all_pairs.old_row_id = old_rows.row_id

),

named as (

    select
        compared.*,
        case
            when compared.old_row_id is null then 'added'
            when compared.new_row_id is null then 'removed'
            when
                coalesce(compared.new_start_date, date '0001-01-01')
                <> coalesce(compared.old_start_date, date '0001-01-01')
                then 'start_reset'
            when compared.old_end_date is null and compared.new_end_date is not null then 'ended'
            when compared.old_end_date is not null and compared.new_end_date is null
                then 'reopened'
            when
                compared.other_fields_changed is not null
                or coalesce(compared.new_end_date, date '0001-01-01')
                <> coalesce(compared.old_end_date, date '0001-01-01')
                then 'changed'
        end as change
    from compared

)

select
    named.council_code as la_code,
    named.submission_id,
    named.previous_submission_id,
    named.change,
    named.event_type,
    named.la_person_unique_identifier,
    named.event_reference,
    named.new_row_id as row_id,
    named.old_row_id as previous_row_id,
    named.new_start_date as event_start_date,
    named.old_start_date as previous_event_start_date,
    named.new_end_date as event_end_date,
    named.old_end_date as previous_event_end_date,
    case
        when named.change in ('added', 'removed') then null
        else nullif(
                concat_ws(
                    ', ',
                    case
                        when named.new_start_date is distinct from named.old_start_date
                            then 'event_start_date'
                    end,
                    case
                        when named.new_end_date is distinct from named.old_end_date
                            then 'event_end_date'
                    end,
                    named.other_fields_changed
                ),
                ''
            )
    end as fields_changed,
    case
        when
            named.change = 'start_reset'
            and extract(month from named.new_start_date) = 4
            and extract(day from named.new_start_date) = 1
            then '1 April reset: the start was moved to the beginning of a financial year'
        when
            named.change = 'removed'
            and lower(named.event_type) = 'service'
            and named.old_end_date is null
            then 'open service vanished: DHSC will end it on the last day of the earlier period'
        when named.change = 'removed' and named.old_end_date < named.stated_period_start
            then 'ended before the new period: no longer due'
        when named.change = 'removed' then 'still due in the new period'
        when named.change = 'added' and named.new_start_date <= named.previous_period_end
            then 'started before the earlier period ended'
    end as remark
from named
where named.change is not null
