-- a home-made system: the extract relationship. One row is one relationship between two people.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the relationship record; must be there. Such as RL1000001
    null as relationship_id,
    -- The person who is related: the carer, where care is given. Refers to person.person_id;
    -- must be there. Such as P1000012
    null as person_id,
    -- The other person: the adult cared for, where care is given. Refers to person.person_id;
    -- must be there. Such as P1000011
    null as related_person_id,
    -- How person_id is related to related_person_id; some systems store one direction only,
    -- some both; must be there. Such as DAU
    null as relationship_code,
    -- Y when person_id gives unpaid care to related_person_id; must be there. Such as Y
    null as is_unpaid_carer,
    -- Y for the main carer of the related person; may be left out. Such as Y
    null as is_main_carer,
    -- Band of hours of care given each week; may be left out. Such as H1
    null as hours_code,
    -- First day of the relationship; may be left out. Such as 2026-05-03
    null as start_date,
    -- Last day of the relationship; blank or a far-future date means current; may be left out.
    null as end_date
from your_table
