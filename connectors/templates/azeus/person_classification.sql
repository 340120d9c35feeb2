-- Azeus: the extract person_classification. One row is one classification of a person over a
-- period.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- The person who is classified. Refers to person.person_id; must be there. Such as P1000001
    -- Confidence unknown. No public name found
    null as person_id,
    -- PRIMARY_SUPPORT_REASON, ACCOMMODATION, EMPLOYMENT, FUNDING, ASD, DEMENTIA, VISUAL,
    -- HEARING; must be there. Such as PRIMARY_SUPPORT_REASON
    -- Confidence unknown. No public name found
    null as classification,
    -- Local code within the kind of classification; must be there. Such as MHNHS
    -- Confidence unknown. No public name found
    null as code,
    -- First day on which it held; must be there. Such as 2026-01-08
    -- Confidence unknown. No public name found
    null as start_date,
    -- Blank or a far-future date means current; may be left out. Such as 2018-07-04
    -- Confidence unknown. No public name found
    null as end_date,
    -- Breaks ties between values that start on the same day: latest recorded wins; may be left
    -- out. Such as 2026-01-08 10:40:00
    -- Confidence unknown. No public name found
    null as recorded_at
from your_table
