-- Access: the extract person_identifier. One row is one identifier of a person.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- The person whose identifier it is. Refers to person.person_id; must be there. Such as
    -- P1000001
    null as person_id,
    -- NHS, LEGACY, FINANCE, other local types; must be there. Such as NHS
    null as id_type,
    -- The identifier; an NHS number may hold spaces, have lost a leading zero or be a number
    -- type; must be there. Such as 9990000018
    null as id_value,
    -- Y when traced or verified; may be left out. Such as Y
    null as verified,
    -- First day of the identifier; may be left out. Such as 2026-01-08
    null as start_date,
    -- Blank or a far-future date means current; may be left out. Such as 2099-12-31
    null as end_date
from your_table
