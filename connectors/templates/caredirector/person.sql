-- CareDirector: the extract person. One row is one person record of the case system.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- The case-management system's identifier of the person; must be there. Such as P1000001
    -- Confidence medium. GUID; the number users see is personnumber
    person.personid as person_id,
    -- Title as recorded; may be left out. Such as Ms
    -- Confidence medium.
    person.Title as title,
    -- First name as recorded; may hold markers such as DUPLICATE or TEST; must be there. Such
    -- as Olive
    -- Confidence medium.
    person.FirstName as forename,
    -- Family name as recorded; must be there. Such as Foxearth
    -- Confidence medium.
    person.LastName as surname,
    -- Date of birth; dd/mm/yyyy, yyyy-mm-dd or a timestamp; may be a placeholder such as
    -- 01/01/1900; must be there. Such as 01/08/1971
    -- Confidence medium.
    person.DateOfBirth as date_of_birth,
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
    -- Confidence medium. Picklist, 5 used for a known date in tests
    person.dobandagetypeid as dob_estimated,
    -- Date of death when known; must be there. Such as 2023-05-07
    -- Confidence unknown. No public name found
    null as date_of_death,
    -- Local gender code; must be there. Such as F
    -- Confidence medium. Picklist number
    person.GenderId as gender_code,
    -- Local ethnicity code; must be there. Such as A2
    -- Confidence medium. GUID lookup
    person.EthnicityId as ethnicity_code,
    -- Y for a restricted or sensitive record; may be left out. Such as N
    -- Confidence unknown. No public name found
    null as restricted,
    -- ACTIVE, MERGED, DUPLICATE, TEST; must be there. Such as ACTIVE
    -- Confidence medium. Also RecordedInError; merges in MergedRecord
    person.Inactive as record_status,
    -- The surviving record when this one was merged. Refers to person.person_id; may be left
    -- out. Such as P1000001
    -- Confidence medium. Other side column not seen
    MergedRecord.MasterRecordId as merged_into_person_id,
    -- Last change in the source system; may be left out. Such as 2026-01-08 10:00:00
    -- Confidence unknown. No public name found
    null as updated_at
from person
-- How do these two belong together?
left join MergedRecord on 1 = 0
