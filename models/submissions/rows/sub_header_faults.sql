-- Headers a supplied file lacks, repeats, or has and should not have.
with

supplied_files as (
    select * from {{ ref('stg_submissions__files') }}
),

headers as (
    select * from {{ ref('stg_submissions__headers') }}
),

fields as (
    select * from {{ ref('spec_fields') }}
),

earlier_headers as (
    select * from {{ ref('spec_earlier_headers') }}
)

-- Letter for letter; the order of the columns does not matter.
select
    supplied_files.submission_id,
    fields.header,
    case when count(headers.header) = 0 then 'missing' else 'repeated' end as fault
from supplied_files
cross join fields
left join headers
    on supplied_files.submission_id = headers.submission_id and fields.header = headers.header
group by supplied_files.submission_id, fields.header
having count(headers.header) <> 1
union all
select distinct
    headers.submission_id,
    headers.header,
    coalesce(
        'older than Release 1, read by nothing: '
        || earlier_headers.in_place_of_it || ' says it now',
        'not one of the 50'
    ) as fault
from headers
left join fields on headers.header = fields.header
left join earlier_headers on lower({{ trimmed('headers.header') }}) = lower(earlier_headers.header)
where fields.header is null
