-- What is said of a file as a whole when a run ends, whichever run: it may lack something that no rule can name
-- (decision 31), or a whole column of it is of another unit or form.
{%- set words = {
    'FIL-08': 'Event types that do not occur',
    'FIL-16': 'Days that may be other days',
    'FIL-17': 'Weeks in which nothing begins',
    'FIL-18': 'Client types that do not occur',
} %}
with

submissions as (
    select * from {{ ref('sub_file_facts') }}
),

rules as (
    select * from {{ ref('dq_rules') }}
),

summary as (
    select * from {{ ref('dq_summary') }}
),

breaches as (
    select * from {{ ref('dq_breaches') }}
),

files_before as (
    select
        submissions.*,
        lag(submissions.file_name) over (
            partition by submissions.la_code
            order by {{ sent_order('submissions') }}
        ) as file_before,
        lag(submissions.row_count) over (
            partition by submissions.la_code
            order by {{ sent_order('submissions') }}
        ) as rows_before
    from submissions
),

-- Rules, of whatever importance, that more than half of the rows break: pence for pounds is one fault of a whole column
-- and no list of records.
most_rows as (
    select
        summary.submission_id,
        rules.rule_id,
        rules.rule_text,
        summary.breach_count - summary.accepted_count as broken_count,
        summary.rows_in_scope,
        row_number() over (partition by summary.submission_id order by rules.rule_id) as place,
        count(*) over (partition by summary.submission_id) as rule_count
    from summary
    inner join rules on summary.rule_id = rules.rule_id
    where
        summary.rows_in_scope >= 10
        and (summary.breach_count - summary.accepted_count) * 2 > summary.rows_in_scope
),

signs as (
    select
        files_before.submission_id,
        'rows' as sign,
        'Far fewer rows than in the file of this council before it, ' || files_before.file_before || ' (is the file'
        || ' whole?): ' || cast(files_before.row_count as string) || ', ' || cast(files_before.rows_before as string)
        || ' before.' as sentence
    from files_before
    where files_before.la_code is not null and files_before.row_count <= 0.9 * files_before.rows_before
    union all
    select
        breaches.submission_id,
        breaches.rule_id as sign,
        case breaches.rule_id
            {%- for rule_id, said in words.items() %}
            when '{{ rule_id }}' then '{{ said }}'
            {%- endfor %}
        end || ' (' || breaches.rule_id || '): ' || breaches.found_value || '.' as sentence
    from breaches
    where breaches.rule_id in ('{{ words | join("', '") }}') and not breaches.accepted
    union all
    select
        most_rows.submission_id,
        'most rows' as sign,
        'More than half of the rows break (a whole column of another unit or form?): '
        || {{ joined_text(
            "most_rows.rule_id || ' (' || most_rows.rule_text || '): ' || cast(most_rows.broken_count as string)"
            ~ " || ' of ' || cast(most_rows.rows_in_scope as string)", "', '", 'most_rows.rule_id'
        ) }}
        || case
            when max(most_rows.rule_count) > 10
                then ' and ' || cast(max(most_rows.rule_count) - 10 as string) || ' more rules (dq_summary)'
            else ''
        end as sentence
    from most_rows
    where most_rows.place <= 10
    group by most_rows.submission_id
)

select
    signs.submission_id,
    submissions.la_code,
    submissions.origin,
    signs.sign,
    signs.sentence
from signs
inner join submissions on signs.submission_id = submissions.submission_id
