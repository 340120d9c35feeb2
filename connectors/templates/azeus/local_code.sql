-- Azeus: the extract local_code. One row is one code of a local code list.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Name of a local code list: gender, ethnicity, contact_type, element, ; must be there.
    -- Such as subject_role
    -- Confidence unknown. No public name found
    null as code_list,
    -- The code as the records hold it; must be there. Such as CLIENT
    -- Confidence unknown. No public name found
    null as code,
    -- What users of the case system see; retired codes are often prefixed ZZ; must be there.
    -- Such as Client
    -- Confidence unknown. No public name found
    null as description,
    -- Y for a code that is not used any more; may be left out. Such as Y
    -- Confidence unknown. No public name found
    null as retired
from your_table
