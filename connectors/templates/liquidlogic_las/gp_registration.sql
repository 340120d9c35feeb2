-- Liquidlogic LAS: the extract gp_registration. One row is one registration with a general
-- practice.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- The person who is registered. Refers to person.person_id; must be there. Such as P1000001
    -- Confidence unknown. No public name found
    null as person_id,
    -- ODS practice code; must be there. Such as M99012
    -- Confidence unknown. No public name found
    null as practice_code,
    -- Name of the practice; may be left out. Such as Locksmith Medical Centre
    -- Confidence unknown. No public name found
    null as practice_name,
    -- First day of the registration; may be left out. Such as 2013-12-14
    -- Confidence unknown. No public name found
    null as start_date,
    -- Last day of the registration; blank or a far-future date means current; may be left out.
    -- Such as 9999-12-31 00:00:00
    -- Confidence unknown. No public name found
    null as end_date
from your_table
