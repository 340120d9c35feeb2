-- Whether the return built here may be written, and which rules say no.
with

built_files as (
    select * from {{ ref('sub_built_file') }}
),

summary as (
    select * from {{ ref('dq_summary') }}
),

holding_rules as (
    select
        summary.submission_id,
        count(*) as rule_count,
        {{ joined_text(
            "summary.rule_id || ' (' || summary.error_count || ')'", "', '",
            'summary.rule_id'
        ) }} as rule_list
    from summary
    where summary.is_beyond_threshold
    group by summary.submission_id
),

-- What was not understood is said in words: a rule's number helps nobody who has to ask the supplier.
unread as (
    select
        breaches.submission_id,
        {{ joined_text('breaches.found_value', "'; '", 'breaches.found_value') }} as unread_list
    from {{ ref('dq_breaches') }} as breaches
    where breaches.rule_id = 'EXT-01' and not breaches.accepted
    group by breaches.submission_id
)

select
    built_files.submission_id,
    built_files.file_name,
    coalesce(holding_rules.rule_count, 0) = 0 and built_files.row_count > 0 as is_good,
    {{ setting('force_draft') | lower }} as is_forced,
    (coalesce(holding_rules.rule_count, 0) = 0 and built_files.row_count > 0)
    or {{ setting('force_draft') | lower }} as may_write,
    -- A forced file is a draft unless nothing was held against it.
    not (coalesce(holding_rules.rule_count, 0) = 0 and built_files.row_count > 0)
    and {{ setting('force_draft') | lower }} as is_draft,
    coalesce(
        holding_rules.rule_list || coalesce('. In the extracts: ' || unread.unread_list, ''),
        case when built_files.row_count = 0 then 'the return has no rows' end,
        ''
    ) as reasons
from built_files
left join holding_rules on built_files.submission_id = holding_rules.submission_id
left join unread on built_files.submission_id = unread.submission_id
