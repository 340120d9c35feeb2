-- Liquidlogic LAS: the extract contact. One row is one contact with the council.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the contact; must be there. Such as CN1000001
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    FACT_CONTACTS.FACT_CONTACT_ID as contact_id,
    -- The person whom the contact is about. Refers to person.person_id; must be there. Such as
    -- P9000002
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    FACT_CONTACTS.DIM_PERSON_ID as person_id,
    -- CLIENT, CARER: in which role the person is the subject; must be there. Such as CLIENT
    -- Confidence unknown. No public name found
    null as subject_role,
    -- Decides whether the contact is a CLD request (casual contacts and other business are
    -- not); must be there. Such as RFS
    -- Confidence unknown. No public name found
    null as contact_type_code,
    -- When the contact was received; must be there. Such as 2026-01-08 12:46:00
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use.
    FACT_CONTACTS.CONTACT_DTTM as received_at,
    -- Blank while open; must be there. Such as 2026-01-09 14:41:00
    -- Confidence unknown. No public name found
    null as completed_at,
    -- OPEN, COMPLETED, CANCELLED; must be there. Such as COMPLETED
    -- Confidence unknown. No public name found
    null as status,
    -- Local code of the route by which the request came; must be there. Such as SELF
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use. Label in the column ending _DESC
    FACT_CONTACTS.DIM_LOOKUP_CONT_SORC_ID as route_code,
    -- Local code of what followed; must be there. Such as IAG
    -- Confidence low. Name seen in the CHILDREN schema HDM.Child_Social; the adults schema and
    -- names are not public: check before use. One Y/N flag column for each outcome with
    -- TOTAL_NO_OF_OUTCOMES: unpivot; the adults flags are not public
    null as outcome_code,
    -- Free text; may hold personal data; may be left out. Such as Benefits and money advice
    -- Confidence unknown. No public name found
    null as description,
    -- Y when the contact was also the first conversation of a staged assessment; may be left
    -- out. Such as N
    -- Confidence unknown. No public name found
    null as is_conversation,
    -- The team that mends the record. Refers to team.team_id; may be left out. Such as T01
    -- Confidence unknown. No public name found
    null as team_id
from FACT_CONTACTS
