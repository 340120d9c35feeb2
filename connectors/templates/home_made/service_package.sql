-- a home-made system: the extract service_package. One row is one package of support.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the package; must be there. Such as PK9000001
    null as package_id,
    -- The person who is supported. Refers to person.person_id; must be there. Such as P9000003
    null as person_id,
    -- CLIENT, CARER, CARED_FOR (support given to the cared-for person for the carer's sake);
    -- must be there. Such as CLIENT
    null as subject_role,
    -- Short term, long term, reablement, carer support; with the element it decides Service
    -- Type; must be there. Such as LT
    null as package_type_code,
    -- PROPOSED, APPROVED, ACTIVE, SUSPENDED, ENDED, CANCELLED; must be there. Such as ACTIVE
    null as status,
    -- First day of the package; must be there. Such as 2025-10-23
    null as start_date,
    -- Last day of the package; blank or a far-future date means still running; may be left out.
    -- Such as 2023-05-07
    null as end_date,
    -- Local code of why it ended; may be left out. Such as DEC
    null as end_reason_code,
    -- Overrides the person's support reason for this package; may be left out. Such as CARSUP
    null as support_reason_code,
    -- Overrides the person's funding status for this package; may be left out. Such as FULL
    null as funding_code,
    -- The team that mends the record. Refers to team.team_id; may be left out. Such as T04
    null as team_id
from your_table
