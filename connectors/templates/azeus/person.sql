-- Azeus: the extract person. One row is one person record of the case system.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- The case-management system's identifier of the person; must be there. Such as P1000001
    -- Confidence medium. Oracle schema AZEUS_PROD in a query; column names in a dev stub never
    -- run to release
    SVC_USR.SVC_USR_REF_NO as person_id,
    -- Title as recorded; may be left out. Such as Ms
    -- Confidence unknown. No public name found
    null as title,
    -- First name as recorded; may hold markers such as DUPLICATE or TEST; must be there. Such
    -- as Olive
    -- Confidence unknown. No public name found
    null as forename,
    -- Family name as recorded; must be there. Such as Foxearth
    -- Confidence unknown. No public name found
    null as surname,
    -- Date of birth; dd/mm/yyyy, yyyy-mm-dd or a timestamp; may be a placeholder such as
    -- 01/01/1900; must be there. Such as 01/08/1971
    -- Confidence unknown. No public name found
    null as date_of_birth,
    -- Day part for systems that split the date; may be left out. Such as 22
    -- Confidence medium. Date is split in three
    SVC_USR.DOB_DAY as birth_day,
    -- Month part for systems that split the date; may be left out. Such as 11
    -- Confidence medium.
    SVC_USR.DOB_MTH as birth_month,
    -- Year part for systems that split the date; may be left out. Such as 1943
    -- Confidence medium.
    SVC_USR.DOB_YR as birth_year,
    -- Y when the date of birth is an estimate; may be left out. Such as N
    -- Confidence unknown. No public name found
    null as dob_estimated,
    -- Date of death when known; must be there. Such as 2023-05-07
    -- Confidence medium. With DT_OF_DEATH_MTH and DT_OF_DEATH_YR: build a date
    SVC_USR.DT_OF_DEATH_DAY as date_of_death,
    -- Local gender code; must be there. Such as F
    -- Confidence medium.
    SVC_USR.CURRENT_GENDER as gender_code,
    -- Local ethnicity code; must be there. Such as A2
    -- Confidence medium.
    SVC_USR.ETHNIC_ORIGIN as ethnicity_code,
    -- Y for a restricted or sensitive record; may be left out. Such as N
    -- Confidence unknown. No public name found
    null as restricted,
    -- ACTIVE, MERGED, DUPLICATE, TEST; must be there. Such as ACTIVE
    -- Confidence unknown. No public name found
    null as record_status,
    -- The surviving record when this one was merged. Refers to person.person_id; may be left
    -- out. Such as P1000001
    -- Confidence unknown. No public name found
    null as merged_into_person_id,
    -- Last change in the source system; may be left out. Such as 2026-01-08 10:00:00
    -- Confidence unknown. No public name found
    null as updated_at
from SVC_USR
