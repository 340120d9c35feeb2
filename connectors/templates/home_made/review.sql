-- a home-made system: the extract review. One row is one review.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the review; must be there. Such as RV1000001
    null as review_id,
    -- The person whose support was reviewed. Refers to person.person_id; must be there. Such as
    -- P1000006
    null as person_id,
    -- CLIENT, CARER; must be there. Such as CLIENT
    null as subject_role,
    -- The package that was reviewed. Refers to service_package.package_id; may be left out.
    -- Such as PK1000002
    null as package_id,
    -- Local code of why it was held: planned or unplanned, and what led to it; must be there.
    -- Such as STR
    null as reason_code,
    -- Day on which it was due; may be left out. Such as 2024-11-30
    null as due_date,
    -- When the review started; must be there. Such as 2024-12-19 09:32:00
    null as started_at,
    -- Blank while open; must be there. Such as 2024-12-24 13:59:00
    null as completed_at,
    -- OPEN, COMPLETED, CANCELLED; must be there. Such as COMPLETED
    null as status,
    -- Local code of how it was done; must be there. Such as P
    null as method_code,
    -- Local code of whether the outcomes were achieved; may be left out. Such as FUL
    null as outcomes_achieved_code,
    -- Local code of what followed; must be there. Such as CHG
    null as outcome_code,
    -- Free text; may hold personal data; may be left out.
    null as description,
    -- The team that mends the record. Refers to team.team_id; may be left out. Such as T03
    null as team_id
from your_table
