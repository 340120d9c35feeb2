-- The extract person_classification: the trees of classifications that the seed names.
select
    classifications.personid as person_id,
    upper(paths.classification) as classification,
    classifications.classificationcodeid as code,
    classifications.startdate as start_date,
    classifications.enddate as end_date,
    classifications.recordedon as recorded_at
from {{ source('landed', 'classificationpersonview') }} as classifications
inner join {{ ref('classification_paths') }} as paths
    on classifications.classificationpathid = paths.classificationpathid
where
    coalesce(upper(classifications.status), '') <> 'DELETED'
    and lower(paths.classification) <> 'ignore'
order by
    classifications.personid,
    paths.classification,
    classifications.startdate,
    classifications.recordedon
