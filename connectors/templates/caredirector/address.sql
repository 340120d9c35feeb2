-- CareDirector: the extract address. One row is one address of a person over a period.
-- This template was made from what is publicly known and was not tried on a live system. Null
-- stands where no public name was found.
select
    -- Identifier of the address record; must be there. Such as AD1000001
    -- Confidence medium.
    PersonAddress.PersonAddressId as address_id,
    -- The person who lives there. Refers to person.person_id; must be there. Such as P1000001
    -- Confidence medium.
    PersonAddress.personid as person_id,
    -- HOME, PLACEMENT, TEMPORARY, CORRESPONDENCE; must be there. Such as HOME
    -- Confidence medium.
    PersonAddress.addresstypeid as address_type,
    -- As recorded: lower case, no space, XXXX, NOPOSTCODE and ZZ99 pseudo postcodes occur; must
    -- be there. Such as WS10 0ZT
    -- Confidence low. Current address is on person; history in PersonAddress
    person.Postcode as postcode,
    -- Unique property reference number; may be left out. Such as 100090322500
    -- Confidence unknown. No public name found
    null as uprn,
    -- First day at the address; must be there. Such as 2020-05-03
    -- Confidence medium.
    PersonAddress.startdate as start_date,
    -- Blank or a far-future date means current; may be left out. Such as 31/12/9999
    -- Confidence unknown. No public name found
    null as end_date,
    -- Y for the main address where several are current; may be left out. Such as Y
    -- Confidence unknown. No public name found
    null as is_main
from PersonAddress
-- How do these two belong together?
left join person on 1 = 0
