-- a home-made system: the extract contact. One row is one contact with the council.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the contact; must be there. Such as CN1000001
    null as contact_id,
    -- The person whom the contact is about. Refers to person.person_id; must be there. Such as
    -- P9000002
    null as person_id,
    -- CLIENT, CARER: in which role the person is the subject; must be there. Such as CLIENT
    null as subject_role,
    -- Decides whether the contact is a CLD request (casual contacts and other business are
    -- not); must be there. Such as RFS
    null as contact_type_code,
    -- When the contact was received; must be there. Such as 2026-01-08 12:46:00
    null as received_at,
    -- Blank while open; must be there. Such as 2026-01-09 14:41:00
    null as completed_at,
    -- OPEN, COMPLETED, CANCELLED; must be there. Such as COMPLETED
    null as status,
    -- Local code of the route by which the request came; must be there. Such as SELF
    null as route_code,
    -- Local code of what followed; must be there. Such as IAG
    null as outcome_code,
    -- Free text; may hold personal data; may be left out. Such as Benefits and money advice
    null as description,
    -- Y when the contact was also the first conversation of a staged assessment; may be left
    -- out. Such as N
    null as is_conversation,
    -- The team that mends the record. Refers to team.team_id; may be left out. Such as T01
    null as team_id
from your_table
