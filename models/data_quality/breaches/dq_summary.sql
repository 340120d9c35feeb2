-- How often each rule is broken in each submission, as a share, and against the one before.
with

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

rules as (
    select * from {{ ref('dq_rules') }}
),

profile_counts as (
    select
        rows_read.submission_id,
        rows_read.row_profile,
        split_part(rows_read.row_profile, '|', 1) as client_type,
        split_part(rows_read.row_profile, '|', 2) as event_type,
        count(*) as row_count
    from {{ ref('dq_rows') }} as rows_read
    group by rows_read.submission_id, rows_read.row_profile
),

filled_counts as (
    select * from {{ ref('dq_filled_counts') }}
),

-- Rows a rule speaks of: by the conditions of a field, by client and event type, or where filled.
rows_in_scope as (
    select
        profile_counts.submission_id,
        conditions.rule_id,
        sum(profile_counts.row_count) as row_count
    from (
        select distinct
            profile_conditions.row_profile,
            profile_conditions.rule_id
        from {{ ref('dq_profile_conditions') }} as profile_conditions
    ) as conditions
    inner join profile_counts on conditions.row_profile = profile_counts.row_profile
    group by profile_counts.submission_id, conditions.rule_id
    union all
    select
        profile_counts.submission_id,
        rules.rule_id,
        sum(profile_counts.row_count) as row_count
    from rules
    inner join profile_counts
        on
            {{ holds_for('rules.scope_client_types', 'profile_counts.client_type') }}
            and {{ holds_for('rules.scope_event_types', 'profile_counts.event_type') }}
    where rules.scope_kind = 'types'
    group by profile_counts.submission_id, rules.rule_id
    union all
    select
        filled_counts.submission_id,
        rules.rule_id,
        filled_counts.row_count
    from rules
    inner join filled_counts on rules.fields = filled_counts.field
    where rules.scope_kind = 'filled' and filled_counts.row_count > 0
    union all
    select
        submissions.submission_id,
        rules.rule_id,
        1 as row_count
    from rules
    cross join submissions
    where rules.scope_kind = 'file'
),

broken_rows as (
    select
        breaches.submission_id,
        breaches.rule_id,
        -- A row of the file, a record of an extract, or the file itself.
        coalesce(
            cast(breaches.row_number as string),
            breaches.source_table || ' ' || breaches.source_record_id, '0'
        ) as broken_record,
        min(case when breaches.accepted then 1 else 0 end) as is_accepted,
        max(
            case when breaches.severity = 'error' and not breaches.accepted then 1 else 0 end
        ) as is_error,
        count(*) as cell_count
    from {{ ref('dq_breaches') }} as breaches
    group by
        breaches.submission_id, breaches.rule_id,
        coalesce(
            cast(breaches.row_number as string),
            breaches.source_table || ' ' || breaches.source_record_id, '0'
        )
),

broken_counts as (
    select
        broken_rows.submission_id,
        broken_rows.rule_id,
        count(*) as breach_count,
        sum(broken_rows.is_accepted) as accepted_count,
        sum(broken_rows.is_error) as error_count,
        sum(broken_rows.cell_count) as cell_count
    from broken_rows
    group by broken_rows.submission_id, broken_rows.rule_id
),

counted_rules as (
    select
        submissions.submission_id,
        submissions.la_code,
        submissions.origin,
        submissions.imported_at,
        submissions.stated_period_end,
        rules.rule_id,
        {{ check_name('rules') }} as check_name,
        rules.level,
        rules.severity,
        rules.rule_state,
        rules.threshold_share,
        coalesce(rows_in_scope.row_count, 0) as rows_in_scope,
        coalesce(broken_counts.breach_count, 0) as breach_count,
        coalesce(broken_counts.accepted_count, 0) as accepted_count,
        coalesce(broken_counts.error_count, 0) as error_count,
        coalesce(broken_counts.cell_count, 0) as cell_count
    from submissions
    cross join rules
    left join rows_in_scope
        on
            submissions.submission_id = rows_in_scope.submission_id
            and rules.rule_id = rows_in_scope.rule_id
    left join broken_counts
        on
            submissions.submission_id = broken_counts.submission_id
            and rules.rule_id = broken_counts.rule_id
),

compared_rules as (
    select
        counted_rules.*,
        lag(counted_rules.breach_count) over (
            partition by counted_rules.la_code, counted_rules.rule_id
            order by {{ sent_order('counted_rules') }}
        ) as previous_breach_count
    from counted_rules
)

select
    compared_rules.submission_id,
    compared_rules.la_code,
    compared_rules.origin,
    compared_rules.rule_id,
    compared_rules.check_name,
    compared_rules.level,
    compared_rules.severity,
    compared_rules.rule_state,
    cast(compared_rules.rows_in_scope as bigint) as rows_in_scope,
    cast(compared_rules.breach_count as bigint) as breach_count,
    cast(compared_rules.cell_count as bigint) as cell_count,
    cast(compared_rules.accepted_count as bigint) as accepted_count,
    case
        when compared_rules.rows_in_scope > 0 and compared_rules.rule_state = 'checked'
            then
                cast(compared_rules.breach_count as double)
                / cast(compared_rules.rows_in_scope as double)
    end as breach_share,
    cast(compared_rules.threshold_share as double) as threshold_share,
    cast(compared_rules.error_count as bigint) as error_count,
    compared_rules.error_count > 0
    and compared_rules.error_count
    > compared_rules.threshold_share * compared_rules.rows_in_scope as is_beyond_threshold,
    cast(compared_rules.previous_breach_count as bigint) as previous_breach_count,
    cast(
        compared_rules.breach_count - compared_rules.previous_breach_count as bigint
    ) as change_from_previous
from compared_rules
