-- How often each rule is broken by each council, as a share of the rows that the rule speaks of, with rank and quartile
-- among the councils given. Of each council one file of its own: that which DHSC takes for the 12 months, else the
-- latest.
-- The rows of which a rule speaks are told in tens (twice the threshold, or share_rounding where that is more), and
-- the share is of these. Rules of one field speak of rows that differ by what one of them finds: exact rows would give
-- a hidden count back (all rows less those where the field is filled are the breaches of the rule for a blank), and so
-- would an exact share of a count that is shown.
{%- set threshold = setting('share_threshold') %}
{%- set step = [2 * threshold, setting('share_rounding')] | max %}
with

summary as (

    select * from {{ ref('dq_summary') }}
    -- Rules that every CLD file can break in its rows; not those of a file as a whole or of a council's own extracts.
    where
        rule_state = 'checked'
        and level not in ('build rule', 'file-level')

),

rules as (

    select * from {{ ref('dq_rules') }}
    where scope_kind <> 'file'

),

files as (

    select * from {{ ref('sub_files') }}

),

mixed_files as (

    select * from {{ ref('reg_mixed_files') }}

),

selection as (

    select * from {{ ref('dhsc_selection') }}
    where events_table = 'single'

),

councils as (

    select * from {{ ref('dhsc_councils') }}

),

ranked_files as (

    select
        files.submission_id,
        files.la_code,
        selection.submission_id is not null as is_taken_by_dhsc,
        row_number() over (
            partition by files.la_code
            order by
                case when selection.submission_id is null then 1 else 0 end,
                {{ sent_order('files', latest_first=true) }}
        ) as place
    from files
    left join selection on files.submission_id = selection.submission_id
    left join mixed_files on files.submission_id = mixed_files.submission_id
    where mixed_files.submission_id is null

),

counted as (

    select
        ranked_files.la_code,
        councils.la_name,
        councils.region,
        ranked_files.submission_id,
        ranked_files.is_taken_by_dhsc,
        summary.rule_id,
        summary.level,
        summary.severity,
        cast(round(cast(summary.rows_in_scope as double) / {{ step }}) * {{ step }} as bigint) as rows_in_scope,
        summary.breach_count,
        -- One to four faulty rows are a few people: all such councils stand in the league with the most it can be.
        case
            when summary.breach_count between 1 and {{ threshold - 1 }} then {{ threshold - 1 }}
            else summary.breach_count
        end as breach_count_at_most
    from ranked_files
    inner join councils on ranked_files.la_code = councils.la_code
    inner join summary on ranked_files.submission_id = summary.submission_id
    inner join rules on summary.rule_id = rules.rule_id
    where
        ranked_files.place = 1
        -- Of a handful of rows no share is fair.
        and summary.rows_in_scope >= {{ 2 * step }}

),

shared as (

    select
        counted.*,
        -- 104 faulty rows of 104 are told as 104 of about 100.
        least(cast(counted.breach_count_at_most as double) / counted.rows_in_scope, 1.0) as share_at_most
    from counted

),

ranked as (

    select
        shared.*,
        rank() over (partition by shared.rule_id order by shared.share_at_most) as league_rank,
        count(*) over (partition by shared.rule_id) as councils_ranked
    from shared

)

select
    ranked.la_code,
    ranked.la_name,
    ranked.region,
    ranked.submission_id,
    ranked.is_taken_by_dhsc,
    ranked.rule_id,
    ranked.level,
    ranked.severity,
    ranked.rows_in_scope,
    case
        when ranked.breach_count = 0 or ranked.breach_count >= {{ threshold }}
            then {{ rounded_count('ranked.breach_count') }}
    end as breach_count,
    round(ranked.share_at_most, {{ 2 if setting('share_rounding') > 1 else 6 }}) as share_at_most,
    cast(ranked.league_rank as bigint) as league_rank,
    cast(ranked.councils_ranked as bigint) as councils_ranked,
    -- Equal shares are in one quartile: 1 is the quarter with the fewest faults.
    cast(
        floor(cast((ranked.league_rank - 1) * 4 as double) / ranked.councils_ranked) + 1 as bigint
    ) as quartile,
    case
        when ranked.breach_count between 1 and {{ threshold - 1 }} then 'c'
    end as marker
from ranked
