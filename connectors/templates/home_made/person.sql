-- a home-made system: the extract person. One row is one person record of the case system.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- The case-management system's identifier of the person; must be there. Such as P1000001
    null as person_id,
    -- Title as recorded; may be left out. Such as Ms
    null as title,
    -- First name as recorded; may hold markers such as DUPLICATE or TEST; must be there. Such
    -- as Olive
    null as forename,
    -- Family name as recorded; must be there. Such as Foxearth
    null as surname,
    -- Date of birth; dd/mm/yyyy, yyyy-mm-dd or a timestamp; may be a placeholder such as
    -- 01/01/1900; must be there. Such as 01/08/1971
    null as date_of_birth,
    -- Day part for systems that split the date; may be left out. Such as 22
    null as birth_day,
    -- Month part for systems that split the date; may be left out. Such as 11
    null as birth_month,
    -- Year part for systems that split the date; may be left out. Such as 1943
    null as birth_year,
    -- Y when the date of birth is an estimate; may be left out. Such as N
    null as dob_estimated,
    -- Date of death when known; must be there. Such as 2023-05-07
    null as date_of_death,
    -- Local gender code; must be there. Such as F
    null as gender_code,
    -- Local ethnicity code; must be there. Such as A2
    null as ethnicity_code,
    -- Y for a restricted or sensitive record; may be left out. Such as N
    null as restricted,
    -- ACTIVE, MERGED, DUPLICATE, TEST; must be there. Such as ACTIVE
    null as record_status,
    -- The surviving record when this one was merged. Refers to person.person_id; may be left
    -- out. Such as P1000001
    null as merged_into_person_id,
    -- Last change in the source system; may be left out. Such as 2026-01-08 10:00:00
    null as updated_at
from your_table
