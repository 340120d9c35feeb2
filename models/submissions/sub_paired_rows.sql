-- Rows of the two latest submissions of a council that are the same event: paired by event reference,
-- then by person, kind and start, then in order by person and kind alone (a start that moved).
with compared as (

    select * from {{ ref('sub_compared_rows') }}

),

old_rows as (

    select * from compared
    where side = 'old'

),

new_rows as (

    select * from compared
    where side = 'new'

),

by_reference as (

    select
        new_rows.council_code,
        new_rows.row_id as new_row_id,
        old_rows.row_id as old_row_id,
        'event reference' as paired_by
    from new_rows
    inner join old_rows
        on
            new_rows.council_code = old_rows.council_code
            and new_rows.event_reference_key = old_rows.event_reference_key

),

old_left as (

    select old_rows.*
    from old_rows
    left join by_reference
        on old_rows.row_id = by_reference.old_row_id
    where by_reference.old_row_id is null

),

new_left as (

    select new_rows.*
    from new_rows
    left join by_reference
        on new_rows.row_id = by_reference.new_row_id
    where by_reference.new_row_id is null

),

by_start as (

    select
        new_left.council_code,
        new_left.row_id as new_row_id,
        old_left.row_id as old_row_id,
        'person, kind and start' as paired_by
    from new_left
    inner join old_left
        on
            new_left.council_code = old_left.council_code
            and new_left.kind_key = old_left.kind_key
            and new_left.start_date = old_left.start_date
            and new_left.number_of_start = old_left.number_of_start

),

old_unpaired as (

    select
        old_left.*,
        row_number() over (
            partition by old_left.council_code, old_left.kind_key
            order by old_left.start_date desc, old_left.row_number
        ) as latest_first
    from old_left
    left join by_start
        on old_left.row_id = by_start.old_row_id
    where by_start.old_row_id is null

),

new_unpaired as (

    select
        new_left.*,
        row_number() over (
            partition by new_left.council_code, new_left.kind_key
            order by new_left.start_date desc, new_left.row_number
        ) as latest_first
    from new_left
    left join by_start
        on new_left.row_id = by_start.new_row_id
    where by_start.new_row_id is null

)

select
    by_reference.council_code,
    by_reference.new_row_id,
    by_reference.old_row_id,
    by_reference.paired_by
from by_reference
union all
select
    by_start.council_code,
    by_start.new_row_id,
    by_start.old_row_id,
    by_start.paired_by
from by_start
union all
select
    coalesce(new_unpaired.council_code, old_unpaired.council_code) as council_code,
    new_unpaired.row_id as new_row_id,
    old_unpaired.row_id as old_row_id,
    case
        when new_unpaired.row_id is not null and old_unpaired.row_id is not null
            then 'person and kind'
    end as paired_by
from new_unpaired
full outer join old_unpaired
    on
        new_unpaired.council_code = old_unpaired.council_code
        and new_unpaired.kind_key = old_unpaired.kind_key
        and new_unpaired.latest_first = old_unpaired.latest_first
