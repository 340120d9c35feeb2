-- Files with rows of several councils: nobody's own, so that no council is told, or ranked by, the faults of another.
with

submitted_rows as (

    select
        submission_id,
        {{ trimmed('la_code') }} as la_code
    from {{ ref('sub_rows') }}

)

select submitted_rows.submission_id
from submitted_rows
where submitted_rows.la_code <> ''
group by submitted_rows.submission_id
having min(submitted_rows.la_code) <> max(submitted_rows.la_code)
