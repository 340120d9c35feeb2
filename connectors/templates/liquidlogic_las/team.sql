-- Liquidlogic LAS: the extract team. One row is one team.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the team; must be there. Such as T01
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use. -1 means none
    DIM_DEPARTMENT.DIM_DEPARTMENT_ID as team_id,
    -- Name of the team; must be there. Such as Adult Front Door
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    DIM_DEPARTMENT.NAME as team_name,
    -- Part of the service to which the team belongs; may be left out. Such as Access
    -- Confidence unknown. No public name found
    null as service_area
from DIM_DEPARTMENT
