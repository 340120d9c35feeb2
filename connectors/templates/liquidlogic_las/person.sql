-- Liquidlogic LAS: the extract person. One row is one person record of the case system.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- The case-management system's identifier of the person; must be there. Such as P1000001
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON.DIM_PERSON_ID as person_id,
    -- Title as recorded; may be left out. Such as Ms
    -- Confidence unknown. No public name found
    null as title,
    -- First name as recorded; may hold markers such as DUPLICATE or TEST; must be there. Such
    -- as Olive
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON.FORENAME as forename,
    -- Family name as recorded; must be there. Such as Foxearth
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON.SURNAME as surname,
    -- Date of birth; dd/mm/yyyy, yyyy-mm-dd or a timestamp; may be a placeholder such as
    -- 01/01/1900; must be there. Such as 01/08/1971
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON.BIRTH_DTTM as date_of_birth,
    -- Day part for systems that split the date; may be left out. Such as 22
    -- Confidence unknown. No public name found
    null as birth_day,
    -- Month part for systems that split the date; may be left out. Such as 11
    -- Confidence unknown. No public name found
    null as birth_month,
    -- Year part for systems that split the date; may be left out. Such as 1943
    -- Confidence unknown. No public name found
    null as birth_year,
    -- Y when the date of birth is an estimate; may be left out. Such as N
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use. Y/N
    DIM_PERSON.DOB_ESTIMATED as dob_estimated,
    -- Date of death when known; must be there. Such as 2023-05-07
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON.DEATH_DTTM as date_of_death,
    -- Local gender code; must be there. Such as F
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_PERSON.GENDER_MAIN_CODE as gender_code,
    -- Local ethnicity code; must be there. Such as A2
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use. National code through
    -- DIM_LOOKUP_DFE_ETHNIC.NAT_ID in children
    DIM_PERSON.ETHNICITY_MAIN_CODE as ethnicity_code,
    -- Y for a restricted or sensitive record; may be left out. Such as N
    -- Confidence unknown. No public name found
    null as restricted,
    -- ACTIVE, MERGED, DUPLICATE, TEST; must be there. Such as ACTIVE
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use. Not null means duplicate; IS_CLIENT Y marks
    -- clients
    DIM_PERSON.DUPLICATED_DTTM as record_status,
    -- The surviving record when this one was merged. Refers to person.person_id; may be left
    -- out. Such as P1000001
    -- Confidence unknown. No public name found
    null as merged_into_person_id,
    -- Last change in the source system; may be left out. Such as 2026-01-08 10:00:00
    -- Confidence unknown. No public name found
    null as updated_at
from DIM_PERSON
