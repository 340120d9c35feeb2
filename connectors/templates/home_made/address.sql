-- a home-made system: the extract address. One row is one address of a person over a period.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the address record; must be there. Such as AD1000001
    null as address_id,
    -- The person who lives there. Refers to person.person_id; must be there. Such as P1000001
    null as person_id,
    -- HOME, PLACEMENT, TEMPORARY, CORRESPONDENCE; must be there. Such as HOME
    null as address_type,
    -- As recorded: lower case, no space, XXXX, NOPOSTCODE and ZZ99 pseudo postcodes occur; must
    -- be there. Such as WS10 0ZT
    null as postcode,
    -- Unique property reference number; may be left out. Such as 100090322500
    null as uprn,
    -- First day at the address; must be there. Such as 2020-05-03
    null as start_date,
    -- Blank or a far-future date means current; may be left out. Such as 31/12/9999
    null as end_date,
    -- Y for the main address where several are current; may be left out. Such as Y
    null as is_main
from your_table
