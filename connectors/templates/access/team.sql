-- Access: the extract team. One row is one team.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the team; must be there. Such as T01
    null as team_id,
    -- Name of the team; must be there. Such as Adult Front Door
    null as team_name,
    -- Part of the service to which the team belongs; may be left out. Such as Access
    null as service_area
from your_table
