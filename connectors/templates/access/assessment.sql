-- Access: the extract assessment. One row is one assessment.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the assessment; must be there. Such as AS1000001
    null as assessment_id,
    -- The person who was assessed. Refers to person.person_id; must be there. Such as P1000006
    null as person_id,
    -- CLIENT, CARER; must be there. Such as CLIENT
    null as subject_role,
    -- The request it followed. Refers to contact.contact_id; may be left out. Such as CN1000005
    null as contact_id,
    -- Local assessment form or step type; some types (safeguarding, DoLS, mental capacity) are
    -- out of scope; must be there. Such as REABA
    null as assessment_type_code,
    -- When the workflow step started; must be there. Such as 2024-11-14 11:13:00
    null as started_at,
    -- When the workflow step was completed; blank while open; must be there. Such as 2024-11-16
    -- 14:12:00
    null as completed_at,
    -- The start date a practitioner entered on the form; may be left out. Such as 2024-11-14
    null as form_start_date,
    -- The end date a practitioner entered on the form; may be left out. Such as 2024-11-16
    null as form_end_date,
    -- OPEN, COMPLETED, CANCELLED; must be there. Such as COMPLETED
    null as status,
    -- Local code of the answer whether eligible needs were identified; may be left out. Such as
    -- Y
    null as eligible_needs_code,
    -- Local code of how it was done: in person, by telephone, jointly, ; must be there. Such as
    -- PA
    null as method_code,
    -- Local code of what followed; must be there. Such as RBL
    null as outcome_code,
    -- Free text; may hold personal data; may be left out. Such as Says born 27/01/1939
    null as description,
    -- The team that mends the record. Refers to team.team_id; may be left out. Such as T03
    null as team_id
from your_table
